set message [mime::initialize -string "Content-Type: text/html (a page); charset=utf-8 (eight)\n\nx\n"]
puts [mime::getproperty $message content]
puts [mime::getproperty $message params]
