# Without a terminal results are not printed.
printf 'set x 5\nexpr 1+1\n' | "$tcl"
