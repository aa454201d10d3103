# reply: CONNECT 421 4.3.2 closing
show {send [hello]}
