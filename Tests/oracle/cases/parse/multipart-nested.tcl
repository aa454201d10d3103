set message [mime::initialize -string "Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/alternative; boundary=b\n\n--b\n\none\n--b\n\ntwo\n--b--\n\n--a\n\nthree\n--a--\n"]
proc walk {token} {
    if {[string match multipart/* [mime::getproperty $token content]]} {
        foreach part [mime::getproperty $token parts] { walk $part }
    } else {
        puts "$token <[mime::getbody $token]>"
    }
}
walk $message
