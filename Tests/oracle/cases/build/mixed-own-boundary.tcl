build [mime::initialize -canonical multipart/mixed -param {boundary simple-boundary} -parts [list [hello]]]
