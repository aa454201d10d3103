# The servers of soak.tcl, in a process of their own. Each line of input is a list; each is answered by one line.
#
#   start OPTIONS ...   starts a sink for each list of options of `smtp::sink start`, -lmtp among them; answers with the ports
#   stop                ends them; answers with a dictionary:
#     mails        of each mail that a sink took: identifier, recipients that have it, a final 2xx was given for it, checksum of
#                  its octets as `fingerprint` has it, its body is the one that its field X-Check tells of
#     violations   what clients did wrong
package require smtp
source [file join [file dirname [info script]] fingerprint.tcl]

# decoded MAIL: the body without its encoding.
proc decoded {mail} {
    set start [string first \r\n\r\n $mail]
    set fields [string range $mail 0 $start+1]
    set body [string range $mail $start+4 end]
    if {![regexp -nocase {\nContent-Transfer-Encoding: *(\S+)} $fields -> encoding]} { set encoding 7bit }
    switch [string tolower $encoding] {
        base64 { return [binary decode base64 $body] }
        quoted-printable {
            set plain ""
            foreach piece [split [string map [list =\r\n ""] $body] =] {
                if {[incr pieces] > 1} {
                    append plain [binary decode hex [string range $piece 0 1]]
                    set piece [string range $piece 2 end]
                }
                append plain $piece
            }
            return $plain
        }
    }
    return $body
}

# as_told MAIL: whether the body is the one that was to be sent: without its last line ends, which encodings may add.
proc as_told {mail} {
    if {![regexp {\nX-Check: (\d+)\r\n} $mail -> wanted]} { return 0 }
    return [expr {[zlib crc32 [string trimright [decoded $mail] \r\n]] == $wanted}]
}

# taken MAIL: recipients who have it; in LMTP each has a reply of his own.
proc taken {mail} {
    set count 0
    foreach recipient [dict get $mail recipients] {
        if {[dict get $recipient code] / 100 != 2} continue
        if {![dict exists $recipient final] || [lindex [dict get $recipient final] 0] / 100 == 2} { incr count }
    }
    return $count
}

# is_answered MAIL: in LMTP, each recipient who was accepted got his reply to the message.
proc is_answered {mail isLMTP} {
    foreach recipient [dict get $mail recipients] {
        if {$isLMTP && [dict get $recipient code] / 100 == 2 && ![dict exists $recipient final]} { return 0 }
    }
    return 1
}

# mails SINK IS_LMTP: a row for each mail.
proc mails {sink isLMTP} {
    set dialogues [smtp::sink dialogue $sink]
    set rows {}
    set last {}
    foreach mail [smtp::sink messages $sink] {
        set octets [dict get $mail octets]
        regexp {\nMessage-ID: <([^>]*)>} $octets -> id
        set connection [dict get $mail connection]
        dict set last $connection [llength $rows]
        lappend rows [list $id [taken $mail] [is_answered $mail $isLMTP] [fingerprint $octets] [as_told $octets]]
    }
    # The last mail of a connection may have been taken without a word.
    dict for {connection row} $last {
        set lines [lindex $dialogues $connection-1]
        set last_words [lindex [lsearch -inline -all -index 1 $lines !] end 2]
        if {[string match "fault dot *accept-then drop" $last_words] && [lindex $lines end 1] eq "!"} { lset rows $row 2 0 }
    }
    return $rows
}

set sinks {}
fconfigure stdout -buffering line
while {[gets stdin words] >= 0} {
    set answer {}
    switch [lindex $words 0] {
        start {
            foreach options [lrange $words 1 end] {
                set isLMTP [dict get $options -lmtp]
                lappend sinks [smtp::sink start {*}$options]
                lappend answer [smtp::sink port [lindex $sinks end]]
            }
        }
        stop {
            set rows {}
            set violations {}
            foreach sink $sinks {
                lappend rows {*}[mails $sink $isLMTP]
                foreach violation [smtp::sink violations $sink] {
                    lappend violations "[dict get $violation kind]: [dict get $violation detail]"
                }
                smtp::sink stop $sink
            }
            set sinks {}
            set answer [dict create mails $rows violations $violations]
        }
    }
    puts [list {*}$answer]
}
