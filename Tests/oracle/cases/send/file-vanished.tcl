# stdout: ours -- A file that cannot be read is found before any server was asked; Tcllib sends an empty mail
#  ~ ^1: couldn't open "[^"]*": no such file or directory
# wire: ours -- A file that cannot be read is found before any server was asked; Tcllib sends an empty mail
#  !~ .
set name [file_of gone "some data\n"]
set token [mime::initialize -canonical application/zip -encoding base64 -file $name]
file delete $name
show {send $token}
