# A command that never ends at the end of the input.
printf 'puts one\nputs "two\n' | "$tcl"
echo "exit code $?"
