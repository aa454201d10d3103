printf 'puts one\r\nputs two\r\n' | "$tcl"
