set message [mime::initialize -string "Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\n\ntwo\n--b--\n"]
foreach part [mime::getproperty $message parts] { puts [string map [list $message TOKEN] $part] }
