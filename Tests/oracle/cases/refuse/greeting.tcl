# reply: CONNECT 554 5.3.2 no service
show {send [hello]}
