# stdout: ours -- controls
#  ~ ^1: header field Subject has a control character
# wire: ours -- controls
#  !~ .
show {send [hello] -header [list Subject "hello\nBcc: mallory@example.net"]}
