# What buildmessage wrote is read again.
set text [mime::initialize -canonical text/plain -param {charset utf-8} -encoding quoted-printable -string "caf\u00c3\u00a9 = 1\n"]
set file [mime::initialize -canonical application/pdf -encoding base64 -param {name x.pdf} -string "%PDF\u0000\u00ff"]
set again [mime::initialize -string [mime::buildmessage [mime::initialize -canonical multipart/mixed -parts [list $text $file]]]]
foreach part [mime::getproperty $again parts] {
    puts "[mime::getproperty $part content] [mime::getproperty $part params]"
    octets [mime::getbody $part]
}
