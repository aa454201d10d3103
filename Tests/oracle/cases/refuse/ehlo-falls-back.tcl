# reply: EHLO 502 what?
send [hello]
