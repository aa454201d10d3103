set message [mime::initialize -string "Content-Type: text/html;\n charset=\"utf-8\";\n\tformat=flowed\n\nx\n"]
puts [mime::getproperty $message content]
puts [lsort [mime::getproperty $message params]]
