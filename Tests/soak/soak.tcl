# Many sends to sinks with faults; scripts/soak calls it. What each send reports is compared with what the sinks have.
#
# usage: soak.tcl ?--count N? ?--seed S? ?--quick? ?-v?
package require mime
package require smtp
set here [file dirname [file normalize [info script]]]
source [file join $here fingerprint.tcl]

set count 100000
set seed 1
set verbose 0
for {set i 0} {$i < [llength $argv]} {incr i} {
    switch -- [lindex $argv $i] {
        --count { set count [lindex $argv [incr i]] }
        --seed { set seed [lindex $argv [incr i]] }
        --quick { set count 2000 }
        -v { set verbose 1 }
        default { puts stderr "soak: what is [lindex $argv $i]?"; exit 2 }
    }
}
if {![string is integer -strict $count] || $count < 1 || ![string is integer -strict $seed]} {
    puts stderr "soak: --count and --seed are whole numbers"
    exit 2
}

# ---- Chance: all of it is drawn before a round begins, so that the same seed gives the same sends.

expr {srand($seed * 7919 + 17)}
proc below {n} { expr {int(rand() * $n)} }
proc pick {list} { lindex $list [below [llength $list]] }
proc chance {percent} { expr {rand() * 100 < $percent} }

# ---- Faults: a class has a name, faults and whether time limits are short. Half of the moments have the fault.

proc fault_classes {} {
    set classes [list [list none {} 0]]
    foreach offer {PIPELINING SIZE 8BITMIME ENHANCEDSTATUSCODES} {
        lappend classes [list "ehlo hide $offer" [list "ehlo hide $offer"] 0]
    }
    foreach stage {connect greeting ehlo mail rcpt data dot rset quit} {
        foreach {action patient} {
            {reply 451} 1 {reply 550} 1 {reply 421} 1 drop 1 reset 1 garbage 1 bytewise 1 {delay 3} 1 {rate 2000000} 1 stall 0
        } {
            if {$stage eq "connect" && $action ni {drop reset {delay 3} stall}} continue
            lappend classes [list "$stage $action" [list "$stage every 2 $action"] [expr {!$patient}]]
        }
    }
    lappend classes {{dot accept-then drop} {{dot every 2 accept-then drop}} 0}
    lappend classes {{dot accept-then drop, slow} {{dot every 2 accept-then drop} {dot delay 30}} 1}
    lappend classes {{rcpt and dot} {{rcpt every 3 reply 450} {dot every 2 reply 552}} 0}
    return $classes
}
set classes [fault_classes]

# ---- Mails

proc text {length} {
    set text ""
    while {[string length $text] < $length} {
        append text [pick {. .. .dot "some words" "" "a line = with signs" "\t" From trailing\ }] \
            [pick [list \n \n \n \r\n \n\n [string repeat x [below 900]]\n]]
    }
    return $text
}
proc octets {length} {
    set octets [binary format c* [lmap x [lrepeat 32 x] { below 256 }]]
    return [string range [string repeat $octets [expr {$length / 32 + 1}]] 0 $length-1]
}
# lines TEXT: each line end as CRLF.
proc lines {text} { string map {\n \r\n} [string map {\r \n} [string map {\r\n \n} $text]] }

# A mail: its token, its identifier, its fingerprint, whether the body may be encoded anew on the way, its file or "".
proc new_mail {folder} {
    global number
    set id [incr number]
    set length [pick {0 1 20 500 500 1000 1000 3000 3000 3000 9000 20000}]
    set options [list -header [list Message-ID <$id@soak.test>] -header {Date {Mon, 05 Jun 2006 15:04:03 +0200}} \
        -header [list Subject "mail $id"] -header {From soak@soak.test}]
    set file ""
    set kind [pick {7bit 7bit 8bit quoted-printable base64 file}]
    switch $kind {
        7bit - quoted-printable { set body [text $length]; lappend options -canonical text/plain -encoding $kind }
        8bit {
            set body [encoding convertto utf-8 [string map [list words gr\u00fc\u00dfe] "words\n[text $length]"]]
            lappend options -canonical text/plain -param {charset utf-8} -encoding 8bit
        }
        base64 { set body [octets $length]; lappend options -canonical application/octet-stream -encoding base64 }
        file {
            set body [octets [expr {$length * 6 + 1}]]
            set file [file join $folder $id]
            set channel [open $file wb]
            puts -nonewline $channel $body
            close $channel
            lappend options -canonical application/octet-stream -encoding base64
        }
    }
    set sent [expr {$kind in {7bit 8bit quoted-printable} ? [lines $body] : $body}]
    lappend options -header [list X-Check [zlib crc32 [string trimright $sent \r\n]]]
    lappend options {*}[expr {$file eq "" ? [list -string $body] : [list -file $file]}]
    set token [mime::initialize {*}$options]
    set message [lines [mime::buildmessage $token]]
    if {[string range $message end-1 end] ne "\r\n"} { append message \r\n }
    return [dict create token $token id $id@soak.test print [fingerprint $message] is8bit [expr {$kind eq "8bit"}] file $file]
}

# ---- Sends

# What is done to a send on the way: "" or one of progress, fail, shrink, cancel.
proc failing {at token total current} { if {$current * 100 >= $total * $at} { error "stop here" } }
proc cutting {file token total current} { close [open $file w] }
proc watching {args} {}

# new_send PORTS HURRY FORM: a mail and the options of its send, all chance drawn.
proc new_send {ports hurry form isLMTP folder} {
    set mail [new_mail $folder]
    set recipients {}
    for {set n [pick {1 1 1 2 3 5}]} {$n > 0} {incr n -1} { lappend recipients r$n@[pick {a b c}].test }
    set options [list -originator soak@soak.test -recipients [join $recipients ", "] -client soak.test \
        -servers [lrepeat [llength $ports] 127.0.0.1] -ports $ports]
    foreach {option values} {
        -pipelining {0 1 1} -chunking {0 0 1} -8bitmime {0 1 1} -keepalive {0 1} -atleastone {0 1} -blocksize {1 100 1000 65536}
    } {
        set value [pick $values]
        # An octet at a time is for short mails.
        if {$option eq "-blocksize" && $value < 100 && [dict get $mail file] ne ""} { set value 777 }
        lappend options $option $value
    }
    if {$isLMTP} { lappend options -transport lmtp }
    if {$hurry} { lappend options -timeout [pick {40ms 60ms 90ms}] }
    set way [pick {plain plain plain plain plain plain plain plain progress fail shrink cancel}]
    if {$way eq "cancel" && $form ne "-command"} { set way plain }
    if {$way eq "shrink" && [dict get $mail file] eq ""} { set way plain }
    switch $way {
        progress { lappend options -progress watching }
        fail { lappend options -progress [list failing [pick {0 50 100}]] }
        shrink { lappend options -progress [list cutting [dict get $mail file]] }
    }
    return [dict merge $mail [dict create options $options way $way hurry $hurry cancelAfter [below 6] recipients $recipients]]
}

# The two forms of a send; the report.
proc ended {token} { incr ::told }
proc send_now {send} {
    catch { smtp::sendmessage [dict get $send token] {*}[dict get $send options] -resultvariable report }
    return $report
}
proc send_together {sends} {
    set tokens {}
    foreach send $sends {
        set token [smtp::sendmessage [dict get $send token] {*}[dict get $send options] -command ended]
        if {[dict get $send way] eq "cancel"} { set timers($token) [after [dict get $send cancelAfter] [list smtp::cancel $token]] }
        lappend tokens $token
    }
    set reports [lmap token $tokens {
        catch { smtp::wait $token }
        smtp::report $token
    }]
    foreach token [array names timers] { after cancel $timers($token) }
    return $reports
}

# ---- Judging

# The table: class -> status -> count.
set table {}
set problems {}
proc problem {class send report what} {
    global problems
    lappend problems "$class, mail [dict get $send id]: $what: status [dict get $report status], stage [dict get $report stage],\
        error [dict get $report error], [dict get $send way], [dict get $send options]"
}

# judge CLASS FAULTS SEND REPORT ROWS: what is wrong about a report, by what the sinks have of its mail.
proc judge {class faults send report rows} {
    set status [dict get $report status]
    set way [dict get $send way]
    if {[llength $rows] > 1} { problem $class $send $report "delivered [llength $rows] times" }
    set isReplied 0
    foreach row $rows {
        lassign $row id taken isReplied print isAsTold
        if {!$isAsTold} { problem $class $send $report "another body arrived" }
        if {$print != [dict get $send print] && !([dict get $send is8bit] && [is_plain_only $send $faults])} {
            problem $class $send $report "other octets arrived"
        }
        set accepted [llength [lsearch -all -inline [dict values [dict get $report recipients]] {*status accepted*}]]
        if {$status eq "sent" && $accepted != $taken} {
            problem $class $send $report "$taken recipients have it, $accepted are reported"
        }
    }
    set isTaken [llength $rows]
    # After a time limit or a cancel the reply may have been given and not been read.
    set mayBeUnread [expr {[dict get $send hurry] || $way eq "cancel"}]
    switch $status {
        sent { if {!$isReplied} { problem $class $send $report "no sink has said so" } }
        unknown {
            if {!$mayBeUnread && ($isReplied || ![regexp {dot } $faults])} { problem $class $send $report "the dot was answered" }
            if {[dict get $report retryable] ne "unknown"} { problem $class $send $report "retryable [dict get $report retryable]" }
        }
        cancelled { if {$way ne "cancel"} { problem $class $send $report "nobody cancelled" } }
        refused - failed { if {$isTaken} { problem $class $send $report "a sink has it" } }
        default { problem $class $send $report "no end" }
    }
    if {$isReplied && $status ne "sent" && !$mayBeUnread} { problem $class $send $report "a sink has said 2xx" }
    if {$isTaken && $way eq "fail"} { problem $class $send $report "the body could not be read" }
    if {$faults eq "" && $way in {plain progress} && $status ne "sent"} { problem $class $send $report "nothing was in its way" }
}
# is_plain_only SEND FAULTS: 8-bit bodies are encoded anew for this send.
proc is_plain_only {send faults} {
    expr {![dict get [dict get $send options] -8bitmime] || [string match "*hide 8BITMIME*" $faults] || [string match "*ehlo every*" $faults]}
}

# ---- Rounds

proc ask {args} {
    global sinks
    puts $sinks [list {*}$args]
    if {[gets $sinks answer] < 0} { error "the sinks are gone" }
    return $answer
}

# plays CLASS SIZE IS_WARMING: a round: sinks with the faults of a class, some sends, the verdict.
proc plays {class size isWarming folder} {
    global table problems
    lassign $class name faults hurry
    set isLMTP [chance 15]
    set offers {PIPELINING SIZE 8BITMIME SMTPUTF8 ENHANCEDSTATUSCODES}
    if {[chance 50]} { lappend offers CHUNKING }
    set common [list -lmtp $isLMTP -offer $offers]
    set servers [list [list {*}$common -faults $faults]]
    # A second server, without faults or with the same.
    if {[chance 25]} { lappend servers [list {*}$common -faults [pick [list {} $faults]]] }
    set ports [ask start {*}$servers]
    set sends {}
    set reports {}
    set left $size
    while {$left > 0} {
        set form [expr {$isWarming ? "-command" : [pick {-now -now -command}]}]
        set group {}
        for {set n [expr {min($left, 1 + [below 10])}]} {$n > 0} {incr n -1; incr left -1} {
            lappend group [new_send $ports $hurry $form $isLMTP $folder]
        }
        if {$form eq "-command"} {
            lappend reports {*}[send_together $group]
        } else {
            foreach send $group { lappend reports [send_now $send] }
        }
        foreach send $group {
            mime::finalize [dict get $send token]
            if {[dict get $send file] ne ""} { file delete [dict get $send file] }
        }
        lappend sends {*}$group
    }
    smtp::close -all
    # Farewells that a sink does not answer would last.
    set found [ask stop]
    settle
    foreach row [dict get $found mails] { dict lappend by_id [lindex $row 0] $row }
    foreach send $sends report $reports {
        set id [dict get $send id]
        judge $name $faults $send $report [expr {[info exists by_id] && [dict exists $by_id $id] ? [dict get $by_id $id] : {}}]
        dict incr counts [dict get $report status]
        if {[info exists by_id]} { dict unset by_id $id }
    }
    if {[info exists by_id] && [dict size $by_id]} { lappend problems "$name: mails that nobody sent: [dict keys $by_id]" }
    foreach violation [dict get $found violations] { lappend problems "$name: violation: $violation" }
    dict for {status number} $counts {
        set old [expr {[dict exists $table $name $status] ? [dict get $table $name $status] : 0}]
        dict set table $name $status [expr {$old + $number}]
    }
}

# ---- What may leak

proc resident {} {
    set channel [open /proc/self/statm]
    set pages [lindex [read $channel] 1]
    close $channel
    return [expr {$pages * 4}]
}
proc open_things {} {
    list channels [llength [chan names]] timers [llength [after info]] \
        descriptors [llength [glob -nocomplain -directory /proc/[pid]/fd *]]
}
proc median {numbers} { lindex [lsort -integer $numbers] [expr {[llength $numbers] / 2}] }
# settle: events until nothing is open that the sends opened, at most for a second.
proc settle {} {
    global start
    for {set i 0} {$i < 200 && [dict get [open_things] descriptors] > [dict get $start descriptors]} {incr i} {
        after 5 {set ::settled 1}
        vwait ::settled
    }
    update
}

# ---- The run

set folder [exec mktemp -d]
set sinks [open [list |[info nameofexecutable] [file join $here sink.tcl]] r+]
fconfigure $sinks -buffering line -encoding utf-8
set number 0
set told 0
set start [dict create descriptors 1000]
plays [lindex $classes 0] 1 1 $folder
set start [open_things]
set warmth [expr {min(1000, $count / 2)}]
set began [clock milliseconds]
set before {}
set middle {}
set after {}
for {set done 0} {$done < $count} {incr done $size} {
    set isWarming [expr {$done < $warmth}]
    # What is kept for good is made at the beginning: a thousand results of -command, and every kind of failure.
    set size [expr {min($isWarming ? 10 : 25, ($isWarming ? $warmth : $count) - $done)}]
    set class [expr {$isWarming ? [lindex $classes [expr {$done / 10 % [llength $classes]}]] : [chance 10] ? [lindex $classes 0] : [pick $classes]}]
    plays $class $size $isWarming $folder
    # A process grows and shrinks by what lies on top of its heap: the middle of twenty rounds counts.
    if {!$isWarming && [llength $before] < 20} { lappend before [resident] }
    if {$done >= $count / 2 && [llength $middle] < 20} { lappend middle [resident] }
    set after [list {*}[lrange $after end-18 end] [resident]]
    if {$verbose} { puts stderr "$done sends, [resident] kB, [llength $problems] problems" }
}
settle
set growth [expr {[median $after] - [median $before]}]
set late [expr {[median $after] - [median $middle]}]
set end [open_things]
close $sinks
file delete -force $folder

set row "%-26s %7s %7s %7s %7s %7s %9s"
puts [format $row fault sends sent refused failed unknown cancelled]
dict for {name counts} $table {
    set numbers [lmap status {sent refused failed unknown cancelled} { expr {[dict exists $counts $status] ? [dict get $counts $status] : 0} }]
    puts [format $row $name [expr [join $numbers +]] {*}$numbers]
    set totals [expr {[info exists totals] ? [lmap a $totals b $numbers { expr {$a + $b} }] : $numbers}]
}
puts [format $row all [expr [join $totals +]] {*}$totals]
set passed 0
set failed 0
proc check {isRight words} { if {$isRight} { incr ::passed } else { incr ::failed; puts "FAILED: $words" } }
foreach problem [lrange $problems 0 19] { puts "FAILED: $problem" }
check [expr {[llength $problems] == 0}] "[llength $problems] outcomes are not as the sinks have it"
check [expr {$growth < 1024}] "$growth kB more than after $warmth sends"
# What the heap once needed it keeps; but less and less is added to that, where a leak goes on.
check [expr {$late < 384 || $count < 50000}] "$late kB more than after half of the sends"
check [expr {$start eq $end}] "$start at the start, $end at the end"
puts "$count sends, seed $seed, [expr {([clock milliseconds] - $began) / 1000}] s; $growth kB growth after the first $warmth, $late kB in the second half; $end"
puts "$passed passed, $failed failed"
exit [expr {$failed != 0}]
