printf 'return -code 7 hello\nputs two\n' | "$tcl"
echo "exit code $?"
