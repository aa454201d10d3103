# stdout: ours -- A comment after Content-Transfer-Encoding is allowed (RFC 2045)
#  | 0: hello
show {mime::getbody [mime::initialize -string "Content-Transfer-Encoding: base64 (of course)\n\naGVsbG8=\n"]}
