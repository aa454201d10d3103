set message [mime::initialize -string "Subject:    much space   \n\nbody\n"]
puts <[mime::getheader $message Subject]>
