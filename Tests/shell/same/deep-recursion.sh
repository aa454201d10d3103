printf 'proc f {n} {if {$n} {f [expr {$n-1}]} else {return done}}\nputs [f 900]\nputs [catch {f 5000} m]; puts $m\n' > s.tcl; "$tcl" s.tcl
