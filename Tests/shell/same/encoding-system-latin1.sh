printf 'puts \351; puts [encoding system]\n' > s.tcl; LC_ALL=C "$tcl" s.tcl | od -An -c
