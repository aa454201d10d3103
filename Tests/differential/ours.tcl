# Shows mails as our package reads them; run.py compares it with what Python reads.
#
# usage: mailsh ours.tcl FILE
#
# FILE holds the mails: for each a line with its length in octets, then the octets. Printed are lines of words: a letter
# says what it is, each value is in hexadecimal digits of its UTF-8.
#
#   M                          the next mail
#   E PATH TYPE ENCODING LEAF  an entity, outermost first; LEAF is 1 or 0
#   H OCTETS                   its header section
#   ! CODE                     a defect of it
#   B OCTETS                   its body
#   F NAME VALUE TEXT          a field of it, as it stands and as text
#   A ADDRESS PHRASE ERROR     an address of the field, what is wrong with it; the names of empty groups are not told
#   D SECONDS                  its Date
#   P NAME TEXT                a parameter

package require mime

proc hex {text} { return x[binary encode hex [encoding convertto utf-8 $text]] }
proc hex_octets {octets} { return x[binary encode hex $octets] }

proc show {token path} {
    set isLeaf [catch { mime::getproperty $token parts }]
    puts "E [hex [join $path .]] [hex [mime::getproperty $token content]] [hex [mime::getproperty $token encoding]] $isLeaf"
    puts "H [hex_octets [header_section [mime::buildmessage $token]]]"
    foreach defect [mime::defects $token] { puts "! [dict get $defect code]" }
    if {$isLeaf} { puts "B [hex_octets [mime::getbody $token]]" }
    foreach name [mime::getheader $token -names] { show_field $token $name }
    foreach name {charset boundary name filename} {
        if {![catch { mime::getparam $token $name } text]} { puts "P $name [hex $text]" }
    }
}

proc header_section {octets} {
    if {[regexp -indices {(?:^|\n)\r?\n} $octets empty]} { return [string range $octets 0 [lindex $empty 0]] }
    return $octets
}

proc show_field {token name} {
    set key [string tolower $name]
    if {$key in {mime-version content-transfer-encoding content-type}} return
    foreach value [mime::getheader $token $name] text [mime::getheader $token $name -decode] {
        puts "F [hex_octets $name] [hex_octets $value] [hex $text]"
        if {$key in {from to cc}} { show_addresses $text }
        if {$key eq "date"} { puts "D [expr {[catch { mime::parsedatetime $value clock } seconds] ? "" : $seconds}]" }
    }
}

proc show_addresses {text} {
    foreach address [mime::parseaddress $text] {
        if {[dict get $address address] eq "" && [dict get $address error] eq ""} continue
        puts "A [hex [dict get $address address]] [hex [dict get $address phrase]] [hex [dict get $address error]]"
    }
}

proc main {file} {
    fconfigure stdout -buffersize 1000000
    set channel [open $file rb]
    while {[gets $channel length] >= 0} {
        set token [mime::initialize -string [read $channel $length]]
        puts M
        mime::walk $token show
        mime::finalize $token -subordinates all
    }
}

main [lindex $argv 0]
