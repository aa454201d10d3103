# reply: RCPT 450 4.2.0 come back later
send [hello]
