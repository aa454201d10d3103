printf 'puts one\r\nputs two\r\n' > s.tcl; "$tcl" s.tcl
