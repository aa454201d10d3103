set token [hello]
mime::setheader $token X-Empty ""
build $token
