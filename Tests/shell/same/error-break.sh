echo 'break' > s.tcl; "$tcl" s.tcl
