send [hello] -servers {127.0.0.1 127.0.0.1 127.0.0.1} -ports [list $dead $dead $port]
