# Writing to a closed standard output.
printf 'puts one\nputs stderr two\n' > s.tcl; "$tcl" s.tcl >&-
