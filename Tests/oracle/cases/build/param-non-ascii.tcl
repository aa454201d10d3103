# wire: ours -- A parameter outside ASCII goes out by RFC 2231
#  ~ name\*=utf-8''na%C3%AFve\.pdf$
build [mime::initialize -canonical application/pdf -encoding base64 -param [list name "na\u00efve.pdf"] -string x]
