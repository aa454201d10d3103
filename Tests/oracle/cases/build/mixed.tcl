set text [hello]
set html [mime::initialize -canonical text/html -string "<p>Hello.</p>\n"]
build [mime::initialize -canonical multipart/mixed -parts [list $text $html]]
