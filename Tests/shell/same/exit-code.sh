echo 'exit 3' > s.tcl; "$tcl" s.tcl
