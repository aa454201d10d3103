# reply: RCPT 550     much space   
show {send [hello]}
