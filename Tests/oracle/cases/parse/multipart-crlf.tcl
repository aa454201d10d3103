set message [mime::initialize -string "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\none\r\n--b\r\n\r\ntwo\r\n--b--\r\n"]
foreach part [mime::getproperty $message parts] { octets <[mime::getbody $part]> }
