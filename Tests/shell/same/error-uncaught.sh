# An uncaught error: its trace on standard error, exit code 1.
printf 'puts before\nerror "went wrong"\nputs after\n' > s.tcl; "$tcl" s.tcl
