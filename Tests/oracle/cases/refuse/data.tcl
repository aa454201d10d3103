# reply: DATA 554 5.5.1 no valid recipients
# stdout: 2.0 -- code-7
show {send [hello]}
