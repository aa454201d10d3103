# Words that begin with a dash are arguments of the script on standard input.
echo 'puts $argv' | "$tcl" -x y z
