printf 'foreach x {1 2 3} {\n    puts $x\n}\nputs "a\nb"\n' | "$tcl"
