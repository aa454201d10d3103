# reply: RCPT 252 cannot verify
send [hello]
