# argv0, argv and argc of a script.
echo 'puts $argv0; puts $argv; puts $argc; puts $tcl_interactive' > s.tcl
"$tcl" s.tcl a "b c" '$x' '[y]' '{' ''
