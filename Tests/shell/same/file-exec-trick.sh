# The habit of a shell line that restarts the script.
printf '#!/bin/sh\n# restart \\\nexec "$tcl" "$0" "$@"\nputs "tcl $argv"\n' > s.tcl; sh s.tcl a b
