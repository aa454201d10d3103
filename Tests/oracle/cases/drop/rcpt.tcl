# reply: RCPT drop
show {send [hello]}
