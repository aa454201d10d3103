# reply: MAIL 550 5.7.1 not you
# stdout: 2.0 -- code-7
show {send [hello]}
