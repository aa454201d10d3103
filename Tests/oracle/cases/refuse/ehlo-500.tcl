# reply: EHLO 500 what?
send [hello]
