# The packages of tclmail: one library has them all, `package require` loads it at the first use.
# tls is for those who have no other: any newer one on the path wins.
# In mailsh the library is part of the program: `load {} Tclmail` finds it there.
apply {{dir} {
    set library [file join $dir [expr {[package vsatisfies [info tclversion] 9] ? "libtcl9tclmail.so" : "libtclmail.so"}]]
    if {[lsearch -exact [info loaded] {{} Tclmail}] >= 0} {
        set library {}
    } elseif {![interp issafe] && ![file exists $library]} {
        # A safe interpreter cannot look; `load` tells it.
        return
    }
    foreach {name version} {
        mime 1.7.2.1 smtp 1.5.2.1 SASL 1.3.4.1 SASL::NTLM 1.1.4.1 SASL::SCRAM 0.2.1 SASL::XGoogleToken 1.0.2.1
        tls 1.7.0
    } {
        package ifneeded $name $version "[list load $library Tclmail]; tclmail::provide $name"
    }
}} $dir
