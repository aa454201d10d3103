# offer: SIZE 1000000
# wire: 2.0 -- Tcllib 1.6.2 counts the line ends that SMTP adds not
send [hello]
