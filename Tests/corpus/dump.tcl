# Shows a mail as a tree that can be read and compared; see README.md for its form.
#
# usage: mailsh dump.tcl MAIL.eml ...             prints the trees
#        mailsh dump.tcl --update MAIL.eml ...    writes them into MAIL.tree, below the comments at its head

package require mime

namespace eval dump {
    # Bodies up to so many octets are shown; of others the size and the sum only.
    variable shown 400
    # Field values up to so many characters are shown whole.
    variable shownValue 250
    variable hidden {mime-version content-type content-transfer-encoding}
}

proc dump::read_octets {file} {
    set channel [open $file rb]
    try { return [read $channel] } finally { close $channel }
}

# A text with everything but printable characters as escapes: \n, \xHH for octets, \u{H} for others.
proc dump::escape {text {isText 0}} {
    set out ""
    set high 0
    foreach character [split $text ""] {
        set code [scan $character %c]
        if {$code >= 0xD800 && $code < 0xDC00} { set high $code; continue }
        if {$high && $code >= 0xDC00 && $code < 0xE000} {
            set code [expr {0x10000 + (($high - 0xD800) << 10) + $code - 0xDC00}]
        } elseif {$high} {
            append out [format {\u{%X}} $high]
        }
        set high 0
        append out [escape_code $code $isText]
    }
    if {$high} { append out [format {\u{%X}} $high] }
    return $out
}

proc dump::escape_code {code isText} {
    switch $code {
        9 { return {\t} }
        10 { return {\n} }
        13 { return {\r} }
        92 { return {\\} }
    }
    if {$code >= 32 && $code < 127} { return [format %c $code] }
    if {$isText && ($code > 0xA0 && $code < 0x600 && $code != 0xAD || $code >= 0x3041 && $code < 0xAC00)} {
        return [format %c $code]
    }
    if {$code < 256} { return [format {\x%02x} $code] }
    return [format {\u{%X}} $code]
}

# A string of characters up to U+00FF is octets; anything else is counted in UTF-8.
proc dump::sum {text} {
    if {[regexp {[^\u0000-\u00ff]} $text]} { set text [encoding convertto utf-8 $text] }
    return [format %08x [zlib crc32 $text]]
}

# tree TOKEN ?-unify BOOL? ?-offset COMMAND?: the lines of the tree. With -unify CRLF counts as LF; the command is given
# the offset of each defect and returns the one to be shown.
proc dump::tree {token args} {
    variable settings [dict merge {-unify 0 -offset {}} $args]
    variable lines {}
    mime::walk $token [namespace code part]
    return [join $lines \n]\n
}

proc dump::part {token path} {
    variable lines
    set indent [string repeat "  " [llength $path]]
    set name [expr {[llength $path] ? [join $path .] : "."}]
    lappend lines "$indent$name [type $token] [facts $token]"
    foreach line [concat [fields $token] [files $token] [defects $token] [body $token]] { lappend lines "$indent  $line" }
}

proc dump::type {token} {
    set text [escape [mime::getproperty $token content]]
    foreach {name value} [mime::getproperty $token params] { append text "; [escape $name]=\"[clip $value]\"" }
    return $text
}

proc dump::clip {value {isText 0}} {
    variable shownValue
    if {[string length $value] <= $shownValue} { return [escape $value $isText] }
    return "[escape [string range $value 0 39] $isText]... ([string length $value] characters, crc32 [sum $value])"
}

# The transfer encoding; the size of the decoded body or the number of parts.
proc dump::facts {token} {
    set encoding [mime::getproperty $token encoding]
    set words [expr {$encoding eq "" ? {} : [list [escape $encoding]]}]
    if {[catch { mime::getproperty $token parts } parts]} {
        set octets [unified [mime::getbody $token] $encoding]
        lappend words "[string length $octets] octets" "crc32 [sum $octets]"
    } else {
        lappend words "[llength $parts] parts"
    }
    return "([join $words {, }])"
}

proc dump::unified {text encoding} {
    variable settings
    if {![dict get $settings -unify] || $encoding eq "base64"} { return $text }
    return [string map {\r\n \n} $text]
}

# Each field as it stands; below it its text, where that differs.
proc dump::fields {token} {
    variable hidden
    set lines {}
    foreach name [mime::getheader $token -names] {
        if {$name eq "" || [string tolower $name] in $hidden} continue
        set texts [decoded $token $name]
        foreach value [mime::getheader $token $name] text $texts {
            set value [unified $value {}]
            lappend lines "[escape $name]: [clip $value]"
            if {$text ne [string map {\n {}} $value]} { lappend lines "  = [clip $text 1]" }
        }
    }
    return $lines
}

proc dump::decoded {token name} {
    return [mime::getheader $token $name -decode]
}

proc dump::files {token} {
    set lines {}
    foreach name {name filename} {
        if {![catch { mime::getparam $token $name } value]} { lappend lines "$name = [clip $value 1]" }
    }
    return $lines
}

proc dump::defects {token} {
    variable settings
    return [lmap defect [mime::defects $token] {
        set offset [dict get $defect offset]
        if {[dict get $settings -offset] ne ""} { set offset [{*}[dict get $settings -offset] $offset] }
        string trimright "! [dict get $defect code] at $offset [clip [unified [dict get $defect detail] {}]]"
    }]
}

# A short body: the text of a text/* part, the octets of others.
proc dump::body {token} {
    variable shown
    if {![catch { mime::getproperty $token parts }]} return
    set encoding [mime::getproperty $token encoding]
    set text [unified [mime::getbody $token] $encoding]
    if {[string length $text] > $shown} return
    set isText [string match text/* [mime::getproperty $token content]]
    if {$isText && [catch { unified [mime::getbody $token -decode] $encoding } text]} {
        set note $text
        set text [unified [mime::getbody $token] $encoding]
        return [concat [list "not decoded: [escape $note]"] [text_lines $text 0]]
    }
    return [text_lines $text $isText]
}

proc dump::text_lines {text isText} {
    set lines {}
    while {[regexp {^([^\n]*\n|[^\n]+)} $text line]} {
        lappend lines "| [escape $line $isText]"
        set text [string range $text [string length $line] end]
    }
    return $lines
}

# The comments at the head of a tree file, and the tree.
proc dump::read_expected {file} {
    set text [encoding convertfrom utf-8 [read_octets $file]]
    regexp {^((?:# [^\n]*\n)*)(.*)$} $text -> head tree
    return [list $head $tree]
}

proc dump::update {mail tree} {
    set file [file rootname $mail].tree
    set head [expr {[file exists $file] ? [lindex [read_expected $file] 0] : ""}]
    set channel [open $file wb]
    puts -nonewline $channel [encoding convertto utf-8 $head$tree]
    close $channel
}

proc dump::main {arguments} {
    fconfigure stdout -encoding utf-8
    set isUpdate [expr {[lindex $arguments 0] eq "--update"}]
    foreach mail [lrange $arguments $isUpdate end] {
        set token [mime::initialize -string [read_octets $mail]]
        set tree [tree $token]
        if {$isUpdate} { update $mail $tree } else { puts "$mail\n$tree" }
        mime::finalize $token -subordinates all
    }
}

if {[info exists argv0] && [file normalize $argv0] eq [file normalize [info script]]} { dump::main $argv }
