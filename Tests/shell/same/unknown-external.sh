# Without a prompt, programs are not run by name.
printf 'ls\n' > s.tcl; "$tcl" s.tcl
