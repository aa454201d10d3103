echo 'return -code 7 "by return"' > s.tcl; "$tcl" s.tcl
