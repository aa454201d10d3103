# wire: 1.20 -- cte-twice
build [mime::initialize -canonical text/plain -param {charset utf-8} -string [encoding convertto utf-8 "caf\u00e9\n"]]
