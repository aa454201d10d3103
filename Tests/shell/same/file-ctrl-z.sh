# A script ends at Ctrl-Z.
printf 'puts one\n\032puts two\n' > s.tcl; "$tcl" s.tcl
