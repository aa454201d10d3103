printf 'puts [catch {exec sh -c "echo out; exit 3"} r o]; puts $r; puts [lindex [dict get $o -errorcode] 0]\n' > s.tcl; "$tcl" s.tcl
