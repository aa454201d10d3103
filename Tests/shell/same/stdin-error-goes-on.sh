# An error in a script on standard input is told; the next command is run.
printf 'puts one\nerror "went wrong"\nputs two\n' | "$tcl"
echo "exit code $?"
