echo 'puts x' > s.tcl; "$tcl" -encoding klingon s.tcl
