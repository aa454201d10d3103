printf 'puts [lsort [chan names]]; foreach c {stdin stdout stderr} {puts [fconfigure $c -encoding]}\n' > s.tcl; "$tcl" s.tcl < /dev/null
