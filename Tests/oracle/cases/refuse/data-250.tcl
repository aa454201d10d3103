# reply: DATA 250 fine
# stdout: 2.0 -- code-7
show {send [hello]}
