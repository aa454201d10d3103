# reply: MAIL raw 2\r\n
# stdout: 2.0 -- code-7
show {send [hello]}
