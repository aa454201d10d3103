# wire: 1.20 -- cte-twice
set text [hello]
set file [mime::initialize -canonical application/pdf -encoding base64 -param {name x.pdf} -string %PDF]
send [mime::initialize -canonical multipart/mixed -param {boundary simple-boundary} -parts [list $text $file]]
