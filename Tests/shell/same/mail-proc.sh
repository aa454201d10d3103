# The word `mail` is free for scripts.
printf 'puts [info commands mail]; proc mail {to subject body} {return $to}\nputs [mail a b c]\n' > s.tcl; "$tcl" s.tcl
