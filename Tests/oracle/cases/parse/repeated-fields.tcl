set message [mime::initialize -string "Received: one\nReceived: two\nSubject: x\nReceived: three\n\nbody\n"]
puts [mime::getheader $message Received]
puts [mime::getheader $message -names]
