# offer: SIZE 1000000
send [hello]
