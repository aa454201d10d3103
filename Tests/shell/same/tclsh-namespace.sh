printf 'puts [lsort [namespace children]]\n' > s.tcl; "$tcl" s.tcl
