# wire: 1.20 -- octets-as-utf8
build [mime::initialize -canonical text/plain -string "caf\u00e9\n"]
