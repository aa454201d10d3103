# stdout: ours -- lenient
#  | 0: 2
show {llength [mime::getproperty [mime::initialize -string "Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\n\ntwo\n"] parts]}
