# wire: ours -- Text with octets above 127 and no -encoding gets quoted-printable or base64; Tcllib sends it undeclared
#  ~ ^Content-Transfer-Encoding: quoted-printable$
#  ~ ^caf=E9$
build [mime::initialize -canonical text/plain -param {charset iso-8859-1} -string "caf\u00e9\n"]
