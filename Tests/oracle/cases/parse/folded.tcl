set message [mime::initialize -string "Subject: one\n two\n\tthree\n\nbody\n"]
puts [mime::getheader $message Subject]
