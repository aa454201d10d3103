# stdout: ours -- lenient
#  | 0: x
show {mime::getheader [mime::initialize -string "From a@example.com Mon Jun  5 2006\nSubject: x\n\nbody\n"] Subject}
