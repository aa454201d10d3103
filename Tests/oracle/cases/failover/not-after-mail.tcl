# A refused MAIL is the end; the second server is not asked.
# reply: MAIL 452 full
# stdout: 2.0 -- code-7
show {send [hello] -servers {127.0.0.1 127.0.0.1} -ports [list $port $port2]}
