echo 'exit' > s.tcl; "$tcl" s.tcl
