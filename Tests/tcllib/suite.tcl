# Runs one test file of Tcllib: suite.tcl MODULES FILE ?OURS?
#
# MODULES has the folders of Tcllib's sources, FILE is a test file in one of them, or one of ours. With OURS, a package directory,
# or `builtin` in a shell that has the packages, mime.tcl and smtp.tcl are never read: whoever sources them gets our packages.
# Prints tcltest's line for each test that passed, failed or was skipped.

apply {{modules file {ours {}}} {
    set ::auto_path [list $::tcl_library {*}[lsort [glob -type d -directory $modules *]]]
    if {$ours ne {}} {
        if {$ours ne "builtin"} { set ::auto_path [linsert $::auto_path 0 $ours] } else { lappend ::auto_path {*}$::env(TCLLIBPATH) }
        rename ::source ::source_of_tcl
        proc ::source {args} {
            lassign [lrange [file split [lindex $args end]] end-1 end] folder name
            set packages {
                mime/mime.tcl mime mime/smtp.tcl smtp sasl/sasl.tcl SASL sasl/ntlm.tcl SASL::NTLM sasl/scram.tcl SASL::SCRAM
            }
            if {[dict exists $packages $folder/$name]} {
                return [uplevel 1 [list package require [dict get $packages $folder/$name]]]
            }
            uplevel 1 [list ::source_of_tcl {*}$args]
        }
    }
    set ::argv0 $file
    set ::argv {}
    package require tcltest
    tcltest::configure -tmpdir [pwd] -verbose {pass skip body error}
    uplevel #0 [list source $file]
    foreach package {mime smtp SASL} {
        if {![catch {package present $package} version]} { puts "loaded $package [string match *.*.*.* $version]" }
    }
}} {*}$argv
exit 0
