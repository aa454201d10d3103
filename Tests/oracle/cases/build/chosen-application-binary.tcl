# wire: 1.20 -- cte-twice
build [mime::initialize -canonical application/x-thing -string "\u0000\u0001\u00ff"]
