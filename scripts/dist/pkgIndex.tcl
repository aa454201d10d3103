# The packages of tclmail: one library has them all, `package require` loads it at the first use.
apply {{dir} {
    set library [file join $dir [expr {[package vsatisfies [info tclversion] 9] ? "libtcl9tclmail.so" : "libtclmail.so"}]]
    set loaded [expr {[lsearch -exact -index 1 [info loaded] Tclmail] >= 0}]
    if {!$loaded && ![file exists $library]} return
    foreach {name version} {mime 1.7.2.1 smtp 1.5.2.1} {
        package ifneeded $name $version [list apply {{library name} {
            if {[lsearch -exact -index 1 [info loaded] Tclmail] >= 0} { set library {} }
            load $library Tclmail
            tclmail::provide $name
        }} $library $name]
    }
}} $dir
