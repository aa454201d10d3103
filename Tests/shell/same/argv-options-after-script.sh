# What follows the script's name belongs to the script.
echo 'puts $argv' > s.tcl
"$tcl" s.tcl -encoding utf-8 --capture x -- -v
