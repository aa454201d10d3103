set message [mime::initialize -string "Content-Type: multipart/mixed; boundary=\"b\"\n\npreamble\n--b\nContent-Type: text/plain\n\none\n--b\nContent-Type: text/html\n\n<p>two\n--b--\nepilogue\n"]
puts [mime::getproperty $message content]
foreach part [mime::getproperty $message parts] {
    puts "$part [mime::getproperty $part content] <[mime::getbody $part]>"
}
