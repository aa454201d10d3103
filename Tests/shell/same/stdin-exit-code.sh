printf 'puts one\nexit 4\nputs two\n' | "$tcl"
