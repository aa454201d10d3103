# reply: MAIL 421 4.3.2 closing then drop
# stdout: 2.0 -- code-7
show {send [hello]}
