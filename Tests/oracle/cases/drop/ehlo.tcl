# reply: EHLO drop
show {send [hello]}
