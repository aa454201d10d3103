printf 'break\nputs two\n' | "$tcl"
echo "exit code $?"
