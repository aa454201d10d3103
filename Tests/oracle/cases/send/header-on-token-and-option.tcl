# A field of the token and one of -header with the same name.
set token [hello]
mime::setheader $token Subject one
send $token -header {Subject two}
