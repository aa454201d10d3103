# reply: CONNECT 220 first\nsecond\nthird
show {send [hello]}
