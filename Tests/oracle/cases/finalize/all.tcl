set part [hello]
set whole [mime::initialize -canonical multipart/mixed -parts [list $part]]
puts <[mime::finalize $whole -subordinates all]>
puts [catch {mime::getproperty $part content}]
