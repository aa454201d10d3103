# An error in an event.
printf 'after 1 {error "in the background"}\nafter 50 {set done 1}\nvwait done\n' > s.tcl; "$tcl" s.tcl
