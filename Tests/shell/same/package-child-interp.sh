printf 'set i [interp create]; puts [$i eval {package require mime; mime::getproperty [mime::initialize -canonical text/plain -string x] content}]; interp delete $i\n' > s.tcl; "$tcl" s.tcl
