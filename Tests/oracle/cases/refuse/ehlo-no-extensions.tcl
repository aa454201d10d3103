# reply: EHLO 250 hello
send [hello]
