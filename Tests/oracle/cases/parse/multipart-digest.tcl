# The default type of a part of a digest.
# stdout: ours -- digest
#   ~ message/rfc822
set message [mime::initialize -string "Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: inner\n\nbody\n--b--\n"]
foreach part [mime::getproperty $message parts] { puts [mime::getproperty $part content] }
