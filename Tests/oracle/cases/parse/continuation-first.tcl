# stdout: ours -- lenient
#  | 0: x
show {mime::getheader [mime::initialize -string " folded\nSubject: x\n\nbody\n"] Subject}
