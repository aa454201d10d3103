printf 'puts one\nputs two' | "$tcl"
