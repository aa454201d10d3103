# wire: 1.20 -- cte-twice
build [mime::initialize -canonical text/plain -encoding base64 -string "hello, world\n"]
