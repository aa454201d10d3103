# reply: MAIL 550 5.7.1 first line\n5.7.1 second line\n5.7.1 third line
# stdout: 2.0 -- code-7
show {send [hello]}
