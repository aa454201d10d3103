# stdout: ours -- Blanks after a delimiter are allowed (RFC 2046)
#  | 0: 2
show {llength [mime::getproperty [mime::initialize -string "Content-Type: multipart/mixed; boundary=x\n\n--x \n\none\n--x\t\n\ntwo\n--x--\n"] parts]}
