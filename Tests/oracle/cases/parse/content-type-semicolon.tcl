set message [mime::initialize -string "Content-Type: text/html; charset=utf-8;\n\nx\n"]
puts [mime::getproperty $message content]
puts [mime::getproperty $message params]
