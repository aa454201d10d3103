# reply: MAIL raw 250 ok\n
show {send [hello]}
