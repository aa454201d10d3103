# wire: 1.20 -- cte-twice
set image [mime::initialize -canonical image/gif -header {Content-ID <logo@sink.test>} -encoding base64 -string GIF89a]
build $image
