set message [mime::initialize -string "Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b--\n"]
set part [lindex [mime::getproperty $message parts] 0]
mime::finalize $message -subordinates all
puts [catch {mime::getbody $part}]
