# A plain text message: envelope, header fields and body.
set token [hello "First line.\nSecond line.\n"]
mime::setheader $token Subject "a subject"
send $token
