# wire: 1.20 -- cte-twice
build [mime::initialize -canonical image/png -string "\u0089PNG\r\n\u001a\n"]
