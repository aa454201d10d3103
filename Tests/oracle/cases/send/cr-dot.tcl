# wire: ours -- ends
#  ~ ^D: one\nD: \.\.two\nD: three\nD: \.$
set token [mime::initialize -canonical text/plain -encoding 7bit -string "one\r.two\rthree"]
send $token
