# reply: MAIL 251 what
# stdout: 2.0 -- code-7
show {send [hello]}
