printf 'puts [package require mime 1.4]; puts [package require smtp 1.5.1]\n' > s.tcl; "$tcl" s.tcl
