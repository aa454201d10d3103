set token [mime::initialize -canonical text/plain -header {Zulu 1} -header {Alpha 2} -string x]
mime::setheader $token Mike 3
mime::setheader $token Alpha 4
build $token
