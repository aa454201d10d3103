# CR, LF and CRLF in the text.
# wire: ours -- ends
#  ~ ^D: lf\nD: crlf\nD: cr\nD: end\nD: \.$
#  !~ \\r
set token [mime::initialize -canonical text/plain -encoding 7bit -string "lf\ncrlf\r\ncr\rend\n"]
send $token
