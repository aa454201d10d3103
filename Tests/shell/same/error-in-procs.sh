printf 'proc inner {x} {\n    error "bad $x"\n}\nproc outer {} {\n    inner thing\n}\nouter\n' > s.tcl; "$tcl" s.tcl
