# wire: 1.20 -- octets-as-utf8
build [mime::initialize -canonical application/pdf -encoding base64 -param [list name "na\u00efve.pdf"] -string x]
