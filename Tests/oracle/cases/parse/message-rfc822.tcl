set message [mime::initialize -string "Content-Type: message/rfc822\n\nSubject: inner\n\nbody\n"]
set inner [lindex [mime::getproperty $message parts] 0]
puts [mime::getheader $inner Subject]
puts [mime::getbody $inner]
