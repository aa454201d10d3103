printf 'puts [info script]; puts [file tail [info nameofexecutable]]\n' > s.tcl; "$tcl" s.tcl
