# stdout: ours -- lenient
#  | 0: multipart/mixed
show {mime::getproperty [mime::initialize -string "Content-Type: multipart/mixed\n\n--b\n\none\n--b--\n"] content}
