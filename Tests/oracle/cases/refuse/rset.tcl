# reply: RCPT 550 no
# reply: RSET 500 what?
show {send [hello]}
