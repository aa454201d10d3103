# reply: DOT 552 5.2.2 mailbox full
# stdout: 2.0 -- code-7
show {send [hello]}
