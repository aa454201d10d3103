# Before `package require` the commands are not there.
printf 'puts [info commands ::mime::initialize]; puts [catch {mime::initialize}]; puts [package provide mime]\n' > s.tcl; "$tcl" s.tcl
