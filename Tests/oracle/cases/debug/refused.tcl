# reply: RCPT 550 5.1.1 no such user
show {send [hello] -debug 1}
