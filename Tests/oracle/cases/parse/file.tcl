file_of mail "Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\n\ntwo\n--b--\n"
set message [mime::initialize -file mail]
foreach part [mime::getproperty $message parts] { puts "$part <[mime::getbody $part]>" }
