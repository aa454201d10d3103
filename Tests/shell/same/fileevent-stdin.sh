printf 'proc more {} { if {[gets stdin l] < 0} {set ::done 1} else {puts <$l>} }\nfileevent stdin readable more\nvwait done\n' > s.tcl
printf 'one\ntwo\n' | "$tcl" s.tcl
