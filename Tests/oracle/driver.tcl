# Runs one case and writes down how it ended: driver.tcl CASE RECORD PACKAGES NAME VALUE ...
#
# PACKAGES is a Tcl list: `reference DIR` for Tcllib in DIR alone, `ours DIR` for our package directory, or
# `builtin` for a shell that has it. The names are set as global variables before the case runs:
# port, port2: the fake servers; dead: a port where nothing listens.

apply {{packages} {
    lassign $packages kind dir
    switch $kind {
        reference { set ::auto_path [list $dir $::tcl_library] }
        ours { set ::auto_path [linsert $::auto_path 0 $dir] }
    }
    package require mime
    package require smtp
    if {[string match 1.7.2.1 [package require mime]] == ($kind eq "reference")} { error "wrong mime was loaded" }
}} [lindex $argv 2]
foreach {name value} [lrange $argv 3 end] { set $name $value }
unset -nocomplain name value
fconfigure stdout -encoding utf-8
fconfigure stderr -encoding utf-8

# hello ?TEXT?: a token of plain text.
proc hello {{text "Hello.\n"}} { mime::initialize -canonical text/plain -string $text }

# send TOKEN ?OPTION VALUE ...?: sends to the fake server, from a@example.com to b@example.org if not said otherwise.
proc send {token args} {
    set given [dict merge {-originator a@example.com -recipients b@example.org} \
        [list -servers 127.0.0.1 -ports $::port] $args]
    uplevel 1 [list smtp::sendmessage $token {*}$given]
}

# show SCRIPT: prints how it ends.
proc show {script} {
    set code [catch {uplevel 1 $script} result options]
    puts "$code: $result"
}

# build TOKEN: the octets of the message, printable, a line each.
proc build {token} { octets [mime::buildmessage $token] }
proc octets {string} {
    foreach line [split [string map {\r\n \n} $string] \n] {
        set out ""
        foreach c [split $line ""] {
            scan $c %c n
            append out [expr {$n >= 32 && $n < 127 ? $c : [format {\u%04x} $n]}]
        }
        puts $out
    }
}

# file_of NAME OCTETS: writes a file.
proc file_of {name octets} {
    set channel [open $name wb]
    puts -nonewline $channel $octets
    close $channel
}

apply {{case record} {
    set channel [open $case]
    fconfigure $channel -encoding utf-8
    set script [read $channel]
    close $channel
    set code [catch {uplevel #0 $script} result options]
    set errorcode [expr {$code == 1 ? [dict get $options -errorcode] : ""}]
    flush stdout
    set channel [open $record w]
    fconfigure $channel -encoding utf-8 -translation lf
    if {[package vsatisfies [info tclversion] 9]} { fconfigure $channel -profile tcl8 }
    foreach value [list $code $result $errorcode] {
        puts $channel [binary encode hex [encoding convertto utf-8 $value]]
    }
    close $channel
}} {*}[lrange $argv 0 1]
exit 0
