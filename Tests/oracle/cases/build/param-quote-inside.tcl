# wire: 1.20 -- cte-twice
build [mime::initialize -canonical application/pdf -encoding base64 -param [list name {a "b" \c.pdf}] -string x]
