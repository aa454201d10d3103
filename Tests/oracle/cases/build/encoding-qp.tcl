# wire: 1.20 -- cte-twice
build [mime::initialize -canonical text/plain -encoding quoted-printable -string "1 = 1, caf\u00e9\n"]
