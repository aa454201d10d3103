# A child process that is the plain shell.
printf 'puts [exec $::env(tcl) << {puts child; puts [expr {1+1}]}]\n' > s.tcl; "$tcl" s.tcl
