# wire: 1.20 -- cte-twice
file_of picture.png "\u0089PNG\r\n\u001a\n"
build [mime::initialize -canonical image/png -encoding base64 -file picture.png]
