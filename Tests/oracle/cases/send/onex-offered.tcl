# offer: ONEX
send [hello]
