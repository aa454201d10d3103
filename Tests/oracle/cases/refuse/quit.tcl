# reply: QUIT 500 what?
send [hello]
