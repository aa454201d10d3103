# wire: 1.20 -- cte-twice
build [mime::initialize -canonical text/plain -encoding 7bit -string "cafe\n"]
