printf 'foreach c {stdin stdout stderr} {puts "$c [fconfigure $c -buffering] [fconfigure $c -translation]"}\n' > s.tcl; "$tcl" s.tcl < /dev/null
