printf 'puts one\nreturn 5\nputs two\n' | "$tcl"
echo "exit code $?"
