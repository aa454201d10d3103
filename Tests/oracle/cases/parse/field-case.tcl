set message [mime::initialize -string "SUBJECT: x\nsubject: y\n\nbody\n"]
puts [mime::getheader $message Subject]
puts [mime::getheader $message -names]
