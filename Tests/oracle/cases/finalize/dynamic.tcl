# The default: parts that parsing made go, parts that the script made stay.
set part [hello]
set whole [mime::initialize -canonical multipart/mixed -parts [list $part]]
puts <[mime::finalize $whole]>
puts [mime::getproperty $part content]
show {mime::getproperty $whole content}
