# A script that encodes its text itself.
# wire: 1.20 -- octets-as-utf8
set text [encoding convertto utf-8 "caf\u00e9 \u20ac\n"]
build [mime::initialize -canonical text/plain -param {charset utf-8} -encoding 8bit -string $text]
