# stdout: ours -- lenient
#  ~ ^0: no colon here$
show {mime::getbody [mime::initialize -string "Subject: x\nno colon here\n\nbody\n"]}
