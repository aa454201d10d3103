# wire: ours -- Quotes and backslashes in a parameter are escaped, and parsing takes the escapes away
#  ~ name="a \\"b\\" \\\\c\.pdf"$
build [mime::initialize -canonical application/pdf -encoding base64 -param [list name {a "b" \c.pdf}] -string x]
