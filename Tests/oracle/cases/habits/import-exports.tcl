# stdout: ours -- Ours exports what either version exports
#  | buildmessage copymessage finalize getbody getheader getproperty initialize mapencoding parseaddress parsedatetime reversemapencoding setheader uniqueID
#  | sendmessage
puts [lsort [namespace eval ::mime {namespace export}]]
puts [lsort [namespace eval ::smtp {namespace export}]]
