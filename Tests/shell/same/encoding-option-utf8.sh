printf 'puts [string length "é€"]\n' > s.tcl; "$tcl" -encoding utf-8 s.tcl
