# stdout: ours -- lenient
#  | 0: text/html
show {mime::getproperty [mime::initialize -string "Content-Type: text/html\nContent-Type: text/plain\n\nx\n"] content}
