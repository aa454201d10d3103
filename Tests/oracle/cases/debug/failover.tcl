# reply: CONNECT 554 no
show {send [hello] -debug 1 -servers {127.0.0.1 127.0.0.1} -ports [list $port $port2]}
