# Checks the mails of the corpus in one shell; run.py starts it in several.
#
# usage: SHELL run.tcl ?-every N? MAIL.eml ...
#
#   -every N   cuts small mails at every Nth octet, not at each
#
# Prints a line for each failure, then `N passed, N failed`. Each check of each mail counts.

source [file join [file dirname [file normalize [info script]]] dump.tcl]

namespace eval run {
    variable passed 0 failed 0 every 1
    # Mails below this are cut at every octet, others at every `stride`th.
    variable small 2000 stride 97
    variable scratch ""
}

# check NAME WHAT SCRIPT: the script returns "" if all is right, else what is wrong.
proc run::check {name what script} {
    variable passed
    variable failed
    if {[catch { uplevel 1 $script } wrong options]} { append wrong \n [dict get $options -errorinfo] }
    if {$wrong eq ""} {
        incr passed
    } else {
        incr failed
        puts "FAILED $name: $what: $wrong"
    }
}

# Every bare LF becomes CRLF.
proc run::to_crlf {octets} { return [string map {\r\n \r\n \n \r\n} $octets] }

# lf_offset OCTETS OFFSET: the offset in the original octets of one in their CRLF form.
proc run::lf_offset {octets offset} {
    set inserted 0
    set from 0
    while {[set at [string first \n $octets $from]] >= 0} {
        if {$at == 0 || [string index $octets [expr {$at - 1}]] ne "\r"} {
            if {$at + $inserted >= $offset} break
            incr inserted
        }
        set from [expr {$at + 1}]
    }
    return [expr {$offset - $inserted}]
}

# Two texts that must be equal; else the first line that differs.
proc run::compare {got expected} {
    if {$got eq $expected} { return "" }
    foreach a [split $got \n] b [split $expected \n] {
        if {$a ne $b} { return "got <[dump::escape $a]>, expected <[dump::escape $b]>" }
    }
    return "differs in its end"
}

# from SOURCE OCTETS ?OPTION VALUE ...?: a token of the octets, read by -string, -file or -channel.
proc run::from {source octets args} {
    variable scratch
    if {$source eq "-string"} { return [mime::initialize -string $octets {*}$args] }
    set channel [open $scratch wb]
    puts -nonewline $channel $octets
    close $channel
    if {$source eq "-file"} { return [mime::initialize -file $scratch {*}$args] }
    set channel [open $scratch rb]
    try { return [mime::initialize -channel $channel {*}$args] } finally { close $channel }
}

proc run::copied {token} {
    variable scratch
    set channel [open $scratch.copy wb]
    try { mime::copymessage $token $channel } finally { close $channel }
    return [dump::read_octets $scratch.copy]
}

proc run::end {token} { mime::finalize $token -subordinates all }

# The tree is the expected one, and the octets come back, whatever the source and the line ends.
proc run::same_tree {octets expected} {
    foreach source {-string -file -channel} {
        set token [from $source $octets]
        set wrong [compare [dump::tree $token] $expected]
        if {$wrong eq ""} { set wrong [gives_back $token $octets] }
        end $token
        if {$wrong ne ""} { return "$source: $wrong" }
    }
}

proc run::same_tree_in_crlf {octets} {
    set crlf [to_crlf $octets]
    set token [mime::initialize -string $octets]
    set expected [dump::tree $token -unify 1]
    end $token
    foreach source {-string -file -channel} {
        set token [from $source $crlf]
        set wrong [compare [dump::tree $token -unify 1 -offset [list run::lf_offset $octets]] $expected]
        if {$wrong eq ""} { set wrong [gives_back $token $crlf] }
        end $token
        if {$wrong ne ""} { return "$source in CRLF: $wrong" }
    }
}

proc run::gives_back {token octets} {
    if {[mime::buildmessage $token] ne $octets} { return "buildmessage gives other octets" }
    if {[copied $token] ne $octets} { return "copymessage gives other octets" }
}

# The header section of an entity: its lines with their line ends, and what follows them, the empty line included.
proc run::split_header {octets} {
    set lines {}
    set from 0
    set length [string length $octets]
    while {$from < $length} {
        set at [string first \n $octets $from]
        set end [expr {$at < 0 ? $length : $at + 1}]
        set line [string range $octets $from [expr {$end - 1}]]
        if {$line in [list \n \r\n \r]} break
        lappend lines $line
        set from $end
    }
    return [list $lines [string range $octets $from end]]
}

# A field is changed, added, removed: only its own lines are others than before.
proc run::changes_only_its_lines {octets} {
    foreach name [lrange [changeable $octets] 0 3] {
        lassign [without_field $octets $name] before lines after
        set token [mime::initialize -string $octets]
        mime::setheader $token $name changed
        set built [mime::buildmessage $token]
        end $token
        set expected [list "$before$name: changed\n$after" "$before$name: changed\r\n$after"]
        if {$built ni $expected && ![is_ended $built $expected $octets]} {
            return "setheader $name: [compare $built [lindex $expected 0]]"
        }
    }
}

# Whether the only other difference is the empty line that the header section lacked.
proc run::is_ended {built expected octets} {
    foreach text $expected {
        foreach ending {\n \n\n \r\n \r\n\r\n} {
            set at 0
            while {[set at [string first $ending $built $at]] >= 0} {
                if {[string replace $built $at [expr {$at + [string length $ending] - 1}]] eq $text} {
                    return [lacks_empty_line $octets]
                }
                incr at
            }
        }
    }
    return 0
}

proc run::lacks_empty_line {octets} {
    if {[lindex [split_header $octets] 1] eq ""} { return 1 }
    set token [mime::initialize -string $octets]
    set defects [mime::defects $token]
    end $token
    return [string match *missing-header-end* $defects]
}

# Names of fields that stand once, in plain form.
proc run::changeable {octets} {
    set names {}
    foreach line [lindex [split_header $octets] 0] {
        if {[regexp {^([A-Za-z][-A-Za-z0-9]*):} $line -> name]} { lappend names $name }
    }
    set computed {content-type content-transfer-encoding mime-version content-md5}
    return [lmap name $names {
        if {[string tolower $name] in $computed || [llength [lsearch -all -nocase -exact $names $name]] > 1} continue
        set name
    }]
}

# The octets before a field's lines, the lines, and the octets after them.
proc run::without_field {octets name} {
    lassign [split_header $octets] lines rest
    set place before
    lassign {} before field after
    foreach line $lines {
        if {[string match -nocase $name:* $line]} {
            set place field
        } elseif {$place eq "field" && ![regexp {^[ \t]} $line]} {
            set place after
        }
        append $place $line
    }
    return [list $before $field $after$rest]
}

# -strict 1 raises an error exactly if there are defects; a charset that is not known counts as none.
proc run::strict_is_right {octets expected} {
    set hasDefect 0
    foreach line [split $expected \n] {
        if {[regexp {^ *! ([a-z-]+) at} $line -> code] && $code ne "unknown-charset"} { set hasDefect 1 }
    }
    foreach source {-string -file -channel} {
        set fails [catch { end [from $source $octets -strict 1] } message options]
        if {$fails != $hasDefect} { return "$source -strict 1: [expr {$fails ? $message : "no error"}]" }
        if {$fails && [lindex [dict get $options -errorcode] 0] ne "MIME"} { return "errorcode [dict get $options -errorcode]" }
    }
}

# Cut anywhere, a mail is parsed, comes back octet for octet, and all of it is in the tree.
proc run::survives_cuts {octets} {
    variable every
    variable small
    variable stride
    set length [string length $octets]
    set step [expr {$length < $small ? $every : $stride}]
    for {set cut 0} {$cut <= $length} {incr cut $step} {
        set piece [string range $octets 0 [expr {$cut - 1}]]
        set token [mime::initialize -string $piece]
        set wrong [expr {[mime::buildmessage $token] eq $piece ? [lost $token $piece] : "other octets come back"}]
        end $token
        if {$wrong ne ""} { return "cut at $cut: $wrong" }
    }
}

# lost TOKEN OCTETS: what of an entity is neither in its fields nor in a body nor between the parts, "" if nothing.
proc run::lost {token octets} {
    if {[catch { mime::getproperty $token parts } parts]} { return [lost_of_leaf $token $octets] }
    if {[string match message/* [mime::getproperty $token content]]} {
        return [lost_of_message $token $octets [lindex $parts 0]]
    }
    return [lost_of_multipart $token $octets $parts]
}

proc run::lost_of_leaf {token octets} {
    set encoding [mime::getproperty $token encoding]
    set body [mime::getbody $token]
    if {[decodes $encoding]} { return [lost_of_header $token [join [lindex [split_header $octets] 0] ""]] }
    set start [expr {[string length $octets] - [string length $body]}]
    if {$start < 0 || [string range $octets $start end] ne $body} { return "body <[dump::clip $body]> is not the end" }
    return [lost_of_header $token [string range $octets 0 [expr {$start - 1}]]]
}

proc run::decodes {encoding} { return [regexp -nocase {base64|quoted-printable} $encoding] }

# lost_of_header TOKEN OCTETS: each line is the empty one, belongs to a field, or is told as a defect.
proc run::lost_of_header {token octets} {
    lassign [split_header $octets] lines rest
    if {$rest ni [list "" \n \r\n \r]} { return "header section with <[dump::clip $rest]> in it" }
    set names [lmap name [mime::getheader $token -names] { string tolower $name }]
    lappend names content-type content-transfer-encoding mime-version content-md5
    set isTold [regexp {improper-header-line|mailbox-line|byte-order-mark} [mime::defects $token]]
    foreach line $lines {
        if {[regexp {^[ \t]} $line] || $isTold} continue
        if {![regexp {^([^:]*[^: \t])[ \t]*:} $line -> name] || [string tolower $name] ni $names} {
            return "header line <[dump::clip $line]>"
        }
    }
}

proc run::lost_of_message {token octets part} {
    if {[decodes [mime::getproperty $token encoding]]} { return }
    set inner [mime::buildmessage $part]
    set start [expr {[string length $octets] - [string length $inner]}]
    if {[string range $octets $start end] ne $inner} { return "the message is not the end of its part" }
    set wrong [lost_of_header $token [string range $octets 0 [expr {$start - 1}]]]
    return [expr {$wrong eq "" ? [lost $part $inner] : $wrong}]
}

# Between two parts stands a delimiter and nothing else; after the last one a close-delimiter and the epilogue, or nothing.
proc run::lost_of_multipart {token octets parts} {
    set boundary [string trimright [mime::getparam $token boundary]]
    set from 0
    foreach part $parts {
        set inner [mime::buildmessage $part]
        set at [part_start $octets $inner $boundary $from]
        if {$at < 0} { return "part <[dump::clip $inner]> not after a delimiter" }
        set gap [string range $octets $from [expr {$at - 1}]]
        if {$part ne [lindex $parts 0] && [delimiters $gap] != 1} { return "between the parts: <[dump::clip $gap]>" }
        set wrong [lost $part $inner]
        if {$wrong ne ""} { return $wrong }
        set from [expr {$at + [string length $inner]}]
    }
    set rest [string range $octets $from end]
    if {$rest ne "" && ![is_close $rest $boundary]} { return "after the last part: <[dump::clip $rest]>" }
}

# Where a part's octets begin: straight after a delimiter line that comes at or after FROM.
proc run::part_start {octets inner boundary from} {
    while {[set at [string first --$boundary $octets $from]] >= 0} {
        set end [string first \n $octets $at]
        set start [expr {$end < 0 ? [string length $octets] : $end + 1}]
        set padding [string range $octets [expr {$at + 2 + [string length $boundary]}] [expr {$start - 1}]]
        if {[string trim $padding] eq "" && [string range $octets $start [expr {$start + [string length $inner] - 1}]] eq $inner} {
            return $start
        }
        set from [expr {$at + 1}]
    }
    return -1
}

# How many lines a gap has, the line end before it aside.
proc run::delimiters {gap} { return [llength [split [string trimright [string trimleft $gap \r\n] \r\n] \n]] }

proc run::is_close {rest boundary} {
    regexp {^(?:\r?\n)?([^\n]*)} $rest -> line
    return [expr {[string trimright $line] eq "--$boundary--"}]
}

proc run::mail {file} {
    set name [file join [file tail [file dirname $file]] [file rootname [file tail $file]]]
    set octets [dump::read_octets $file]
    lassign [dump::read_expected [file rootname $file].tree] head expected
    check $name tree { same_tree $octets $expected }
    check $name CRLF { same_tree_in_crlf $octets }
    check $name setheader { changes_only_its_lines $octets }
    check $name setheader-CRLF { changes_only_its_lines [to_crlf $octets] }
    check $name strict { strict_is_right $octets $expected }
    check $name cuts { survives_cuts $octets }
    check $name cuts-CRLF { survives_cuts [to_crlf $octets] }
}

proc run::main {arguments} {
    variable every
    variable passed
    variable failed
    variable scratch
    fconfigure stdout -encoding utf-8
    if {[lindex $arguments 0] eq "-every"} { set arguments [lassign $arguments -> every] }
    close [file tempfile scratch corpus.eml]
    foreach file $arguments { mail $file }
    file delete $scratch $scratch.copy
    puts "$passed passed, $failed failed"
}

run::main $argv
