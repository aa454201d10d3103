# What was written without a newline is flushed.
echo 'puts -nonewline "no newline"; exit 2' > s.tcl; "$tcl" s.tcl
