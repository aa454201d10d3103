set message [mime::initialize -string "Content-Type: multipart/mixed; boundary=b\n\n--b\n\n--b\n\ntwo\n--b--\n"]
foreach part [mime::getproperty $message parts] { puts <[mime::getbody $part]> }
