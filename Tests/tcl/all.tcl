# Runs the *.test files beside it in this one process: mailsh, or a stock tclsh with the package directory on TCLLIBPATH.
#
# usage: SHELL all.tcl ?PATTERN ...?     (file names without .test)

apply {{} {
    set here [file dirname [file normalize [info script]]]
    set patterns [expr {[llength $::argv] ? $::argv : "*"}]
    set ::argv {}
    uplevel #0 [list source [file join $here support.tcl]]
    tcltest::configure -verbose {body error} -tmpdir [file join [expr {[info exists ::env(TMPDIR)] ? $::env(TMPDIR) : "/tmp"}] tcltest[pid]]
    file mkdir [tcltest::temporaryDirectory]
    foreach file [lsort [glob -directory $here *.test]] {
        foreach pattern $patterns {
            if {[string match $pattern [file rootname [file tail $file]]]} { uplevel #0 [list source -encoding utf-8 $file]; break }
        }
    }
    file delete -force [tcltest::temporaryDirectory]
    puts "$tcltest::numTests(Passed) passed, $tcltest::numTests(Failed) failed"
    exit [expr {$tcltest::numTests(Failed) > 0 || $tcltest::numTests(Passed) == 0}]
}}
