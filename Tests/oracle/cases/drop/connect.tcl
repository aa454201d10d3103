# reply: CONNECT drop
show {send [hello]}
