# wire: ours -- Text with octets above 127 and no -encoding gets quoted-printable or base64; Tcllib sends it undeclared
#  ~ ^Content-Transfer-Encoding: base64$
#  ~ ^Y2Fmw6kK$
build [mime::initialize -canonical {text/plain; charset=utf-8} -string [encoding convertto utf-8 "caf\u00e9\n"]]
