set message [mime::initialize -string "From: a@example.com\r\nSubject: hello\r\n\r\nbody\r\nmore\r\n"]
puts [mime::getheader $message Subject]
octets [mime::getbody $message]
