# wire: ours -- A semicolon at the end of -canonical is left out
#  ~ ^Content-Type: text/plain$
build [mime::initialize -canonical {text/plain;} -string x]
