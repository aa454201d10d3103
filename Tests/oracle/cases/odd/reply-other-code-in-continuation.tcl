# reply: MAIL raw 250-one\r\n550 two\r\n
show {send [hello]}
