# reply: DOT 251 fine
show {send [hello]}
