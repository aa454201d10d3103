# stdout: ours -- A part that is gone is found before any server was asked; Tcllib sends an empty mail
#  ~ ^1: can't read "state\(header\)": no such variable
# wire: ours -- A part that is gone is found before any server was asked; Tcllib sends an empty mail
#  !~ .
set part [hello]
set token [mime::initialize -canonical multipart/mixed -parts [list $part]]
mime::finalize $part
show {send $token}
