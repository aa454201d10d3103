# offer: HELP, 8BITMIME
send [hello] -debug yes
