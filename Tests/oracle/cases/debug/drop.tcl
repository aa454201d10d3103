# reply: MAIL drop
# stdout: 2.0 -- code-7
show {send [hello] -debug 1}
