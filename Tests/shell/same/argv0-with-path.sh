mkdir d; echo 'puts $argv0; puts [info script]' > d/s.tcl
"$tcl" ./d/s.tcl
