# A reader that goes away.
printf 'for {set i 0} {$i < 100000} {incr i} {puts "a line of text $i"}\n' > s.tcl
{ "$tcl" s.tcl 2> err; echo "exit code $?" >&2; } | head -n 1
