# wire: 1.20 -- cte-twice
build [mime::initialize -canonical "application/pdf; name=\"r.pdf\"" -encoding base64 -header {Content-Disposition {attachment; filename="r.pdf"}} -string %PDF]
