# offer: STARTTLS
send [hello] -usetls 0
