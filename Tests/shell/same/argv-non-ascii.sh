echo 'puts [string length [lindex $argv 0]]; puts $argv' > s.tcl
"$tcl" s.tcl 'naïve €'
