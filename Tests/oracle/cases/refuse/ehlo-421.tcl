# reply: EHLO 421 closing
show {send [hello]}
