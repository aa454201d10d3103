# stdout: ours -- lenient
#  | 1: MIME part is a leaf
show {llength [mime::getproperty [mime::initialize -string "Content-Type: multipart/mixed; boundary=b\n\nonly text\n"] parts]}
