build [mime::initialize -canonical {text/plain;} -string x]
