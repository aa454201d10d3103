echo 'exit many' > s.tcl; "$tcl" s.tcl
