# reply: CONNECT 250 hello
show {send [hello]}
