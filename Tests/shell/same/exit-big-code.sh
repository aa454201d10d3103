echo 'exit 259' > s.tcl; "$tcl" s.tcl
