# wire: 1.20 -- cte-twice
set alternative [mime::initialize -canonical multipart/alternative -param {boundary inner} -parts [list [hello] [mime::initialize -canonical text/html -string "<p>x</p>"]]]
set file [mime::initialize -canonical application/pdf -encoding base64 -header {Content-Disposition {attachment; filename="x.pdf"}} -string "%PDF"]
build [mime::initialize -canonical multipart/mixed -param {boundary outer} -parts [list $alternative $file]]
