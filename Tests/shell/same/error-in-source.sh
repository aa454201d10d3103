printf 'error inside\n' > t.tcl; printf 'source t.tcl\n' > s.tcl; "$tcl" s.tcl
