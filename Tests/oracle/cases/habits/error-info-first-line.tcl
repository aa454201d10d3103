catch {mime::initialize -colour red} message
puts [lindex [split $::errorInfo \n] 0]
puts $::errorCode
