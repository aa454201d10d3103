printf 'puts [gets stdin]\n' > s.tcl; "$tcl" s.tcl <&-; echo "exit code $?"
