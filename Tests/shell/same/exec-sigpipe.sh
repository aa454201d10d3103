# Signals of children are as the parent's defaults.
printf 'puts [catch {exec sh -c {yes | head -n 1}} r]; puts $r\n' > s.tcl; "$tcl" s.tcl
