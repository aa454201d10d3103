: > s.tcl; "$tcl" s.tcl
