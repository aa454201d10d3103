# Runs one case and writes down how it ended: driver.tcl CASE RECORD PACKAGES NAME VALUE ...
#
# PACKAGES is a Tcl list: `reference DIR` for Tcllib in DIR alone, `ours DIR ?MORE?` for our package directory, or
# `builtin` for a shell that has it. The names are set as global variables before the case runs:
# port, port2: the fake servers; dead: a port where nothing listens.

apply {{packages} {
    lassign $packages kind dir more
    switch $kind {
        reference {
            # Only the folders that mime and smtp load from: to look through all of Tcllib takes ten times as long.
            set ::auto_path [list $::tcl_library]
            foreach folder {base64 des md4 md5 mime oometa sasl sha1 virtchannel_base virtchannel_core} {
                lappend ::auto_path $dir/$folder
            }
        }
        ours { set ::auto_path [list $dir {*}$::auto_path {*}$more] }
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
    foreach {option value} [list -originator a@example.com -recipients b@example.org -servers 127.0.0.1 -ports $::port] {
        if {$option ni $args} { lappend args $option $value }
    }
    uplevel 1 [list smtp::sendmessage $token {*}$args]
}

# show SCRIPT: prints how it ends.
proc show {script} {
    set code [catch {uplevel 1 $script} result options]
    puts "$code: $result"
}

# build TOKEN: records the octets of the message, to be compared as what goes over the wire is.
set built {}
proc build {token} { lappend ::built "message\n[printable [mime::buildmessage $token]]"; return }

# octets STRING: prints it, a line each, what is not ASCII as \uXXXX.
proc octets {string} { puts [printable $string] }
proc printable {string} {
    set out ""
    foreach c [split [string map {\r\n \n} $string] ""] {
        scan $c %c n
        append out [expr {$n == 10 || ($n >= 32 && $n < 127) ? $c : [format {\u%04x} $n]}]
    }
    return $out
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
    foreach value [list $code $result $errorcode [join $::built \n]] {
        puts $channel [binary encode hex [encoding convertto utf-8 $value]]
    }
    close $channel
}} {*}[lrange $argv 0 1]
exit 0
