set message [mime::initialize -string "Subject:\nX-Next: y\n\nbody\n"]
puts <[mime::getheader $message Subject]>
