printf 'puts one\nputs {two\n' > s.tcl; "$tcl" s.tcl
