echo 'puts a; return; puts b' > s.tcl; "$tcl" s.tcl
