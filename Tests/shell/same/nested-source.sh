printf 'puts "in t: [file tail [info script]]"\n' > t.tcl; printf 'source t.tcl; puts "in s: [file tail [info script]]"\n' > s.tcl; "$tcl" s.tcl
