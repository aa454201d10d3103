# Parameters written into -canonical are kept.
# wire: 1.20 -- cte-twice
build [mime::initialize -canonical {application/pdf; name="x.pdf"} -encoding base64 -string x]
