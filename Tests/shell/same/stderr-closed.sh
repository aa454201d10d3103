printf 'puts one\nerror two\n' > s.tcl; "$tcl" s.tcl 2>&-; echo "exit code $?"
