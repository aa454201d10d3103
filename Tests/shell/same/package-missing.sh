echo 'package require no-such-package' > s.tcl; "$tcl" s.tcl
