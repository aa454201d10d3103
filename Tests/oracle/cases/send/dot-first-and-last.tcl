# wire: 1.20 -- cte-twice
set token [mime::initialize -canonical text/plain -encoding 7bit -string ".first\nlast\n."]
send $token
