# Each line ends in CRLF, whatever the string had.
# stdout: ours -- crlf
#  | 8
#  | 0
set octets [mime::buildmessage [hello "one\ntwo\r\nthree\n"]]
puts [regexp -all {\r\n} $octets]
puts [regexp -all {[^\r]\n} $octets]
