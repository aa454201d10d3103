# The script reads what follows on standard input.
printf 'gets stdin line; puts <$line>\nhello there\nputs done\n' | "$tcl"
