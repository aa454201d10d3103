# wire: 1.20 -- cte-twice
build [mime::initialize -canonical application/octet-stream -encoding base64 -string [string repeat "0123456789" 20]]
