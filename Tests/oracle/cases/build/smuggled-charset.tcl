# wire: 1.20 -- octets-as-utf8
build [mime::initialize -canonical {text/plain; charset=utf-8} -string [encoding convertto utf-8 "caf\u00e9\n"]]
