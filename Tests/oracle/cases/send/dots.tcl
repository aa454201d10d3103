# Transparency: a line that begins with a dot gets another one.
# wire: 1.20 -- cte-twice
set token [mime::initialize -canonical text/plain -encoding 7bit -string ".\n..\n.dot\nnot.this\n.\n"]
send $token
