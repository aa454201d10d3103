set message [mime::initialize -string "Content-Transfer-Encoding: x-uuencode\n\nbody\n"]
puts [mime::getproperty $message encoding]
show {mime::getbody $message}
