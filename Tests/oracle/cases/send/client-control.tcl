# stdout: ours -- controls
#  ~ ^1: invalid -client name
# wire: ours -- controls
#  !~ .
show {send [hello] -client "host\r\nMAIL FROM:<mallory@example.net>"}
