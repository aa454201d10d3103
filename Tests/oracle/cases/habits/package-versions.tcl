# stdout: ours -- The version numbers are our own, above those of Tcllib
#  | 1
#  | 1
#  | 1: version conflict for package "mime": have 1.7.2.1, need 2
puts [package vsatisfies [package require mime 1.4] 1.4]
puts [package vsatisfies [package require smtp 1.5] 1.5]
show {package require mime 2}
