echo 'throw {A B} thrown' > s.tcl; "$tcl" s.tcl
