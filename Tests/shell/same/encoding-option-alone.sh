echo 'puts $argv' | "$tcl" -encoding utf-8
