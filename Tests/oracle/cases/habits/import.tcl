namespace import ::mime::* ::smtp::*
set token [initialize -canonical text/plain -string x]
setheader $token Subject hello
puts [getheader $token Subject]
puts [getproperty $token content]
puts [info commands sendmessage]
