file_of text.txt "one\ntwo\n"
build [mime::initialize -canonical text/plain -file text.txt]
