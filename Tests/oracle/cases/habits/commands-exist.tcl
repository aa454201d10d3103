# Commands that scripts call by name.
foreach name {
    buildmessage copymessage encodingasciiP field_decode finalize getbody getheader getproperty getsize initialize
    mapencoding parseaddress parsedatetime qp_decode qp_encode reversemapencoding setheader uniqueID word_decode word_encode
} {
    if {[info commands ::mime::$name] eq ""} { puts "no $name" }
}
