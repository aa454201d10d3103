file_of mail ""
set message [mime::initialize -file mail]
puts [mime::getproperty $message content]
puts <[mime::getbody $message]>
