# stdout: ours -- lenient
#  ~ ^0: eA==$
show {mime::getbody [mime::initialize -string "Content-Transfer-Encoding: base64\nContent-Transfer-Encoding: 7bit\n\neA==\n"]}
