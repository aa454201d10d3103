# A server in the same interpreter answers.
proc accept {channel args} {
    fconfigure $channel -translation crlf -buffering line
    puts $channel "220 here"
    fileevent $channel readable [list answer $channel]
}
proc answer {channel} {
    if {[gets $channel line] < 0} { if {[eof $channel]} { close $channel }; return }
    if {$::data} {
        if {$line eq "."} { set ::data 0; puts $channel "250 taken" }
        return
    }
    puts "<[regsub {^EHLO .*} $line {EHLO ...}]>"
    switch [string toupper [string range $line 0 3]] {
        DATA { set ::data 1; puts $channel "354 go on" }
        QUIT { puts $channel "221 bye" }
        default { puts $channel "250 ok" }
    }
}
set data 0
set server [socket -server accept -myaddr 127.0.0.1 0]
send [hello] -ports [lindex [fconfigure $server -sockname] 2]
close $server
