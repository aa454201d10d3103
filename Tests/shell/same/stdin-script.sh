# A script on standard input.
echo 'puts hello; puts $argv0; puts $argv; puts $tcl_interactive' | "$tcl" | sed 's,.*/,,'
