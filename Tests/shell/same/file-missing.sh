"$tcl" no-such-file.tcl
