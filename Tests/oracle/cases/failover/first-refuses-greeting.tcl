# reply: CONNECT 554 no
send [hello] -servers {127.0.0.1 127.0.0.1} -ports [list $port $port2]
