printf 'after 20 {puts bye; exit 6}\nvwait forever\n' > s.tcl; "$tcl" s.tcl
