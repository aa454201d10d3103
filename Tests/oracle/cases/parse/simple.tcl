set message [mime::initialize -string "From: a@example.com\nSubject: hello\n\nbody\n"]
puts [mime::getheader $message -names]
puts [mime::getheader $message Subject]
puts [mime::getbody $message]
