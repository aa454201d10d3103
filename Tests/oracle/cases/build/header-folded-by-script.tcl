set token [hello]
mime::setheader $token X-Long "first\n second\n\tthird"
build $token
