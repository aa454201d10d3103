printf '#!/usr/bin/env something\nputs $argv\n' > s.tcl; "$tcl" s.tcl x
