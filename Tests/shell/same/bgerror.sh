printf 'proc bgerror {m} {puts "bg: $m"; set ::done 1}\nafter 1 {error oops}\nvwait done\n' > s.tcl; "$tcl" s.tcl
