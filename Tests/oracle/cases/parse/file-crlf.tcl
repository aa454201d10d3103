file_of mail "Subject: x\r\n\r\none\r\ntwo\r\n"
set message [mime::initialize -file mail]
puts [mime::getheader $message Subject]
octets [mime::getbody $message]
