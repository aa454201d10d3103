# wire: 1.20 -- octets-as-utf8
file_of text.txt "caf\u00e9\n"
build [mime::initialize -canonical text/plain -encoding 8bit -file text.txt]
