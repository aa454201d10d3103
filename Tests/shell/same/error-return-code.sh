echo 'return -code error "by return"' > s.tcl; "$tcl" s.tcl
