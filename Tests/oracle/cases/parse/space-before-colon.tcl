show {mime::getheader [mime::initialize -string "Subject : x\n\nbody\n"] Subject}
