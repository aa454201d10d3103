set inner [mime::initialize -canonical message/rfc822 -parts [list [hello]]]
build [mime::initialize -canonical multipart/digest -param {boundary simple-boundary} -parts [list $inner]]
