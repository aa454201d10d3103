echo 'puts "rc was read"' > .tclshrc; cp .tclshrc .mailshrc
echo 'puts script' | "$tcl"
