# reply: MAIL raw 250\r\n
show {send [hello]}
