# The library of Tcl is there: auto-loaded commands, packages, clock.
printf 'puts [info commands parray]; array set a {x 1}; parray a; puts [clock format 0 -gmt 1]; package require msgcat; puts [msgcat::mc hello]\n' > s.tcl; "$tcl" s.tcl
