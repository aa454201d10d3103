# The first server is not there, the second takes it.
send [hello] -servers {127.0.0.1 127.0.0.1} -ports [list $dead $port]
