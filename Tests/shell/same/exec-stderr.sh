printf 'puts [catch {exec sh -c "echo out; echo err >&2"} r]; puts $r\n' > s.tcl; "$tcl" s.tcl
