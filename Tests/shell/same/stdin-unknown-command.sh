printf 'no-such-command a b\nputs [list still here]\n' | "$tcl"
