set token [hello]
if {[catch {mime::getheader $token X-None} message]} {
    puts $message
    puts [lindex [split $::errorInfo \n] 0]
}
