# wire: 1.20 -- octets-as-utf8
send [hello] -header [list Subject "na\u00efve"]
