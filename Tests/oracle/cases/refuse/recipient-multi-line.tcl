# reply: RCPT 550 5.1.1 first line\n5.1.1 second line
send [hello]
