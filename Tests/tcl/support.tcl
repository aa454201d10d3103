# Read by every *.test: the packages, an SMTP server in this interpreter, and counters of what may leak.

package require tcltest
namespace import -force ::tcltest::test
package require mime
package require smtp
# A tclsh that is not installed may need more than its name to start.
tcltest::testConstraint child [expr {![catch {exec [info nameofexecutable] << {puts ok}}]}]
tcltest::testConstraint linux [expr {$tcl_platform(os) eq "Linux"}]
# The address sanitizer keeps freed memory for a while: what a process takes says nothing then.
tcltest::testConstraint memory [expr {$tcl_platform(os) eq "Linux" && ![info exists ::env(ASAN_OPTIONS)]}]
if {![string match 1.7.2.1 [package provide mime]]} { error "this is not our mime: [package provide mime]" }

namespace eval server {
    variable listener "" mails {} commands {} replies {} offers {} data ""
}

# server::start ?REPLIES? ?OFFERS?: listens on a free port and returns it. REPLIES: {PATTERN REPLY ...}, a pattern is
# matched with the command line, CONNECT or DOT; the reply `drop` closes, `silent` says nothing.
proc server::start {{replies {}} {offers {}}} {
    variable listener [socket -server [namespace code accept] -myaddr 127.0.0.1 0]
    set [namespace current]::replies $replies
    set [namespace current]::offers $offers
    set [namespace current]::mails {}
    set [namespace current]::commands {}
    return [lindex [fconfigure $listener -sockname] 2]
}

# Closes the listener and every connection.
proc server::stop {} {
    variable listener
    variable data
    close $listener
    foreach channel [array names [namespace current]::state] { close $channel; unset [namespace current]::state($channel) }
}

proc server::accept {channel args} {
    variable state
    set state($channel) command
    fconfigure $channel -translation {crlf crlf} -buffering line -blocking 0 -encoding iso8859-1
    fileevent $channel readable [namespace code [list readable $channel]]
    say $channel CONNECT "220 test server"
}

proc server::readable {channel} {
    variable state
    variable commands
    variable mails
    variable body
    if {[gets $channel line] < 0} {
        if {[eof $channel]} { close $channel; unset state($channel) }
        return
    }
    if {$state($channel) eq "data"} {
        if {$line ne "."} { lappend body($channel) [regsub {^\.} $line {}]; return }
        set state($channel) command
        lappend mails [join $body($channel) \n]\n
        unset body($channel)
        say $channel DOT "250 2.0.0 taken"
        return
    }
    lappend commands $line
    switch [string toupper [string range $line 0 3]] {
        EHLO {
            variable offers
            set lines [concat test $offers]
            set reply ""
            foreach x [lrange $lines 0 end-1] { append reply "250-$x\n" }
            say $channel $line "${reply}250 [lindex $lines end]"
        }
        DATA {
            set reply [say $channel $line "354 go on"]
            if {[string match 354* $reply]} { set state($channel) data; set body($channel) {} }
        }
        QUIT { say $channel $line "221 bye" }
        default { say $channel $line "250 ok" }
    }
}

proc server::say {channel command reply} {
    variable replies
    variable state
    foreach {pattern other} $replies {
        if {[string match $pattern $command]} { set reply $other; break }
    }
    if {$reply eq "drop"} {
        close $channel
        unset state($channel)
    } elseif {$reply ne "silent"} {
        catch { puts $channel $reply }
    }
    return $reply
}

# hello ?TEXT?: a token of plain text.
proc hello {{text "Hello.\n"}} { mime::initialize -canonical text/plain -string $text }

# send TOKEN PORT ?OPTION VALUE ...?
proc send {token port args} {
    foreach {option value} {-originator a@example.com -recipients b@example.org -servers 127.0.0.1} {
        if {$option ni $args} { lappend args $option $value }
    }
    uplevel 1 [list smtp::sendmessage $token -ports $port {*}$args]
}

# attempt SCRIPT: its return code and result.
proc attempt {script} {
    set code [catch {uplevel 1 $script} result]
    list $code $result
}

# What a script may leave behind: channels, timers, file descriptors.
proc open_things {} {
    list channels [llength [chan names]] timers [llength [after info]] \
        descriptors [llength [glob -nocomplain -directory /proc/[pid]/fd *]]
}

# leaks SCRIPT: runs it once to warm up, then 10 times; what there is more afterwards.
proc leaks {script} {
    uplevel 1 $script
    update
    set before [open_things]
    for {set i 0} {$i < 10} {incr i} { uplevel 1 $script }
    set left {}
    foreach {what count} [open_things] {
        if {$count > [dict get $before $what]} { lappend left $what [expr {$count - [dict get $before $what]}] }
    }
    return $left
}

# made NAME OCTETS: a file in the temporary folder.
proc made {name octets} {
    set path [tcltest::makeFile {} $name]
    set channel [open $path wb]
    puts -nonewline $channel $octets
    close $channel
    return $path
}
