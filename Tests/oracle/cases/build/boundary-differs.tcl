# A boundary that the package makes is not used twice.
set first [mime::buildmessage [mime::initialize -canonical multipart/mixed -parts [list [hello]]]]
set second [mime::buildmessage [mime::initialize -canonical multipart/mixed -parts [list [hello]]]]
regexp {boundary="(.*?)"} $first -> a
regexp {boundary="(.*?)"} $second -> b
puts [expr {$a ne $b}]
puts [expr {[string length $a] <= 70}]
