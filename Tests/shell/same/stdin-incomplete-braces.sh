printf 'proc x {} {\n  puts inside\n}\nx\nif 1 {\n' | "$tcl"
