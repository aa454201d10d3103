# A script that ends does not wait for its events.
printf 'after 10 {puts never}\nputs end\n' > s.tcl; "$tcl" s.tcl
