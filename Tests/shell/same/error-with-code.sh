echo 'error message info {MY CODE}' > s.tcl; "$tcl" s.tcl
