echo 'vwait nothing' > s.tcl; "$tcl" s.tcl
