printf 'puts \351\n' > s.tcl; "$tcl" -encoding iso8859-1 s.tcl
