# wire: 1.20 -- cte-twice
build [mime::initialize -canonical {application/pdf; name="Report.PDF"} -encoding base64 -string x]
