# reply: MAIL raw 250ok\r\n
show {send [hello]}
