# reply: DOT 451 4.3.0 try again
# stdout: 2.0 -- code-7
show {send [hello]}
