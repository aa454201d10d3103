# reply: RCPT 550 {unbalanced "text [x]
show {send [hello]}
