set token [hello]
mime::setheader $token Received one -mode append
mime::setheader $token Received two -mode append
build $token
