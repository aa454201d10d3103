# A token is sent twice; the second message has each field once.
# wire: 1.20 -- left-on-token
set token [hello]
mime::setheader $token Subject one
send $token
send $token -recipients c@example.org
