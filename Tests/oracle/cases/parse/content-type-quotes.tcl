set message [mime::initialize -string "Content-Type: application/pdf; name=\"a \\\"b\\\" c.pdf\"\n\nx\n"]
puts [mime::getproperty $message params]
