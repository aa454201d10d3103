# reply: MAIL raw what is this\r\n
# stdout: 2.0 -- code-7
show {send [hello]}
