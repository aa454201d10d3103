"$tcl" < /dev/null
