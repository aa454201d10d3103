set token [mime::initialize -canonical multipart/mixed -param {boundary simple-boundary} -parts [list [hello]]]
puts [expr {[mime::buildmessage $token] eq [mime::buildmessage $token]}]
