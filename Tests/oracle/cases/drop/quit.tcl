# reply: QUIT drop
show {send [hello]}
