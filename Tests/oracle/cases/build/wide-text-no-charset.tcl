# wire: ours -- wide
#  ~ charset="?utf-8"?
#  !~ \\u20ac
build [mime::initialize -canonical text/plain -string "\u20ac 5\n"]
