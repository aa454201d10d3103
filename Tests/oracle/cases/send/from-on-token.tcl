# A From that the token has does not count: one is added.
set token [hello]
mime::setheader $token From ann@example.com
send $token
