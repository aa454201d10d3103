# Source text outside ASCII, and output.
printf 'puts "naïve €"\n' > s.tcl; "$tcl" s.tcl
