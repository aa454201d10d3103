printf 'puts $tcl_version; puts $tcl_patchLevel; puts [info exists tcl_library]; puts [info exists env(HOME)]; puts $tcl_platform(platform)\n' > s.tcl; "$tcl" s.tcl
