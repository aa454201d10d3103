set message [mime::initialize -string "Subject: x\nFrom: y\n"]
puts [mime::getheader $message -names]
puts <[mime::getbody $message]>
