# Two interpreters count their tokens each for itself.
printf 'foreach i {a b} { interp create $i; $i eval {package require mime}; puts [$i eval {mime::initialize -canonical text/plain -string x}] }\n' > s.tcl; "$tcl" s.tcl
