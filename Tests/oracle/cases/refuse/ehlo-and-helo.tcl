# reply: EHLO 502 what?
# reply: HELO 550 go away
show {send [hello]}
