# reply: CONNECT 554 no
# reply2: CONNECT 421 not now
# stdout: ours -- all-servers
#  ~ ^1: 127.0.0.1 port PORT: no; 127.0.0.1 port PORT2: not now$
show {send [hello] -servers {127.0.0.1 127.0.0.1} -ports [list $port $port2]}
