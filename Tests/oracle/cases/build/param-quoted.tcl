# wire: 1.20 -- cte-twice
build [mime::initialize -canonical application/pdf -encoding base64 -param {name "two words.pdf"} -string x]
