# reply: RCPT 550
show {send [hello]}
