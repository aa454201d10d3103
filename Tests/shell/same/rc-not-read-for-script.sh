# The start-up files are for the prompt only.
echo 'puts "rc was read"' > .tclshrc; cp .tclshrc .mailshrc
echo 'puts script' > s.tcl; "$tcl" s.tcl
