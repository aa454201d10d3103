# mime.tcl - measures a mime package, Tcllib's or another: TASK ARG...; one line `key=value ...` for each figure.
#
#   environment: REFERENCE=dir   look for packages there and nowhere else
#                LEAST=s         repeat until so many seconds are measured (0.2); 0: one run, the first
#                LIMIT=n         the first n mails, lines or octets only
#
# secs: processor seconds of this thread for one run. work: octets, messages or items of a run.

if {[info exists env(REFERENCE)]} { set auto_path [list $env(REFERENCE) $tcl_library] }
package require mime
catch { error prime }   ;# Tcllib reads ::errorCode before any error has set it
set least [expr {[info exists env(LEAST)] ? $env(LEAST) : 0.2}]
set limit [expr {[info exists env(LIMIT)] ? $env(LIMIT) : 1000000000}]

proc slurp {name} {
    set file [open $name rb]
    set octets [read $file]
    close $file
    return $octets
}
proc lines {name} {
    set file [open $name rb]
    set list [split [string trimright [read $file] \n] \n]
    close $file
    return [lrange $list 0 [expr {$::limit - 1}]]
}

# The thread's processor seconds so far; the kernel counts them in steps of some milliseconds.
proc cpu {} {
    set file [open /proc/thread-self/schedstat]
    set line [gets $file]
    close $file
    return [expr {[lindex $line 0] / 1e9}]
}
proc elapsed {script count} {
    set start [cpu]
    for {set i 0} {$i < $count} {incr i} { uplevel 2 $script }
    return [expr {([cpu] - $start) / $count}]
}
# Processor seconds of one run of SCRIPT in the caller. The first run fills caches; if it is long, it counts.
proc seconds {script} {
    set wall [clock microseconds]
    set once [elapsed $script 1]
    set wall [expr {([clock microseconds] - $wall) / 1e6}]
    if {$once >= 1 || $::least == 0} { return $once }
    return [elapsed $script [expr {1 + int($::least / max($wall, 1e-7))}]]
}

# The peak of the process's memory in kB.
proc peak {} {
    set file [open /proc/self/status]
    set text [read $file]
    close $file
    regexp {VmHWM:\s+(\d+)} $text -> kilobytes
    return $kilobytes
}
proc report {args} {
    set words {}
    foreach {key value} $args { lappend words $key=$value }
    puts "[join $words] peak=[peak]"
}

proc open_mail {mode source} {
    if {$mode eq "file"} { return [mime::initialize -file $source] }
    return [mime::initialize -string $source]
}
# Decodes every leaf; counts leaves and octets, and sums them up if `check` is there in the caller: text with LF.
proc walk {token} {
    upvar 1 leaves leaves octets octets check check
    set properties [mime::getproperty $token]
    if {[dict exists $properties parts]} {
        foreach part [dict get $properties parts] { walk $part }
        return
    }
    set body [mime::getbody $token]
    if {[info exists check] && [string match text/* [dict get $properties content]]} {
        set body [string map {\r\n \n} $body]
    }
    incr leaves
    incr octets [string length $body]
    if {[info exists check]} { set check [zlib crc32 $body $check] }
}
proc mails {folder} { lrange [lsort [glob -directory $folder *.eml]] 0 [expr {$::limit - 1}] }

# corpus FOLDER string|file: each mail is parsed, its header read, every leaf decoded.
proc task_corpus {folder mode} {
    set work 0
    set sources [mails $folder]
    foreach name $sources { incr work [file size $name] }
    if {$mode eq "string"} { set sources [lmap name $sources { slurp $name }] }
    set secs [seconds {
        set leaves 0
        set octets 0
        foreach source $sources {
            set token [open_mail $mode $source]
            mime::getheader $token
            walk $token
            mime::finalize $token -subordinates all
        }
    }]
    report secs $secs work $work leaves $leaves decoded $octets
}

# truth FOLDER TSV string|file: how many mails are as the truth says (line ends of text aside), and the first that is not.
proc task_truth {folder table mode} {
    set right 0
    set wrong 0
    set first ""
    foreach line [lines $table] {
        lassign [split $line \t] name size wanted(leaves) wanted(octets) wanted(check)
        set leaves 0
        set octets 0
        set check 0
        set source [expr {$mode eq "file" ? "$folder/$name" : [slurp $folder/$name]}]
        if {[catch {
            set token [open_mail $mode $source]
            walk $token
            mime::finalize $token -subordinates all
        }] || $leaves != $wanted(leaves) || $octets != $wanted(octets) || $check != $wanted(check)} {
            incr wrong
            if {$first eq ""} { set first $name }
        } else { incr right }
    }
    report right $right wrong $wrong first $first
}

# big FILE string|file: one mail, read and parsed, every leaf decoded.
proc task_big {name mode} {
    set secs [seconds {
        set leaves 0
        set octets 0
        if {$mode eq "file"} { set source $name } else { set source [slurp $name] }   ;# expr would make a string of it
        set token [open_mail $mode $source]
        mime::getheader $token
        walk $token
        mime::finalize $token -subordinates all
    }]
    report secs $secs work [file size $name] leaves $leaves decoded $octets
}

proc take {why {data {}}} {
    if {$why eq "data"} { incr ::taken [string length $data] }
    return
}
# stream FILE: every leaf of a file by `getbody -command`; nothing is kept.
proc task_stream {name} {
    set secs [seconds {
        set ::taken 0
        set token [mime::initialize -file $name]
        set todo [list $token]
        while {[llength $todo]} {
            set todo [lassign $todo part]
            set properties [mime::getproperty $part]
            if {[dict exists $properties parts]} {
                lappend todo {*}[dict get $properties parts]
            } else { mime::getbody $part -command take }
        }
        mime::finalize $token -subordinates all
    }]
    report secs $secs work [file size $name] decoded $::taken
}
proc write_message {token target} {
    set channel [open $target wb]
    fconfigure $channel -translation crlf
    mime::copymessage $token $channel
    close $channel
    return [file size $target]
}
# copy FILE TARGET: a mail's file copied to a channel.
proc task_copy {name target} {
    set secs [seconds {
        set token [mime::initialize -file $name]
        set size [write_message $token $target]
        mime::finalize $token -subordinates all
    }]
    report secs $secs work [file size $name] out $size
}
# build FILE TYPE string|TARGET ?ENCODING?: a mail with a file attached; without ENCODING the package chooses.
proc task_build {name type target {encoding {}}} {
    set options [list -canonical $type -file $name]
    if {$encoding ne ""} { lappend options -encoding $encoding }
    if {[string match text/* $type]} { lappend options -param {charset utf-8} }
    set secs [seconds {
        set first [mime::initialize -canonical text/plain -string "See attachment.\n"]
        set second [mime::initialize {*}$options]
        set token [mime::initialize -canonical multipart/mixed -header {Subject big} -parts [list $first $second]]
        if {$target eq "string"} {
            set size [string length [mime::buildmessage $token]]
        } else { set size [write_message $token $target] }
        mime::finalize $token -subordinates all
    }]
    report secs $secs work [file size $name] out $size
}
# small COUNT: messages of a text, an HTML text and an attachment of 8 kB, built as strings.
proc task_small {count} {
    set text [string repeat "A line of plain ASCII text that is not too long to need folding.\n" 20]
    set html [string repeat "<p>A line of HTML text with caf\u00e9 and more, quite a bit longer than the other one was before it.</p>\n" 20]
    set octets [string repeat [binary format c* {0 1 2 255 254 253 200 100}] 1000]
    set secs [seconds { for {set i 0} {$i < $count} {incr i} { set size [string length [small_message $text $html $octets]] } }]
    report secs $secs work $count out $size
}
proc small_message {text html octets} {
    set plain [mime::initialize -canonical text/plain -param {charset us-ascii} -string $text]
    set rich [mime::initialize -canonical text/html -param {charset iso-8859-1} -encoding quoted-printable -string $html]
    set both [mime::initialize -canonical multipart/alternative -parts [list $plain $rich]]
    set file [mime::initialize -canonical application/octet-stream -encoding base64 -param {name x.bin} \
        -header {Content-Disposition attachment} -string $octets]
    set token [mime::initialize -canonical multipart/mixed -header {Subject hello} -header {From a@example.com} \
        -header {To b@example.org} -parts [list $both $file]]
    set message [mime::buildmessage $token]
    mime::finalize $token -subordinates all
    return $message
}

# qp encode|decode FILE
proc task_qp {direction name} {
    set octets [string range [slurp $name] 0 [expr {$::limit - 1}]]
    set encoded [mime::qp_encode $octets]
    if {$direction eq "encode"} {
        set secs [seconds { set result [mime::qp_encode $octets] }]
    } else {
        set secs [seconds { set result [mime::qp_decode $encoded] }]
        if {$result ne $octets} { error "qp_decode gives other octets than qp_encode had" }
    }
    report secs $secs work [string length $octets] out [string length $result]
}
# items address|date|word|field FILE: a call for each line.
proc task_items {what name} {
    set list [lines $name]
    set command [dict get {
        address { mime::parseaddress $line }
        date { mime::parsedatetime $line clock }
        word { mime::word_decode $line }
        field { mime::field_decode $line }
    } $what]
    set secs [seconds [string map [list COMMAND $command] {
        set bad 0
        foreach line $list { if {[catch {COMMAND}]} { incr bad } }
    }]]
    report secs $secs work [llength $list] bad $bad
}
# list FILE: all lines as one list of addresses.
proc task_list {name} {
    set list [join [lines $name] ,]
    set secs [seconds { set count [llength [mime::parseaddress $list]] }]
    report secs $secs work $count
}
# recipients FILE: parseaddress of a mail's To.
proc task_recipients {name} {
    set token [mime::initialize -file $name]
    set list [join [mime::getheader $token To] ,]
    set secs [seconds { set count [llength [mime::parseaddress $list]] }]
    report secs $secs work $count
}
# idle: nothing but the package.
proc task_idle {} { report secs 0 work 0 }

task_[lindex $argv 0] {*}[lrange $argv 1 end]
