# reply: RCPT 251 will forward
send [hello]
