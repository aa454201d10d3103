# reply: MAIL raw 250 ok\r\n250 ok\r\n
# stdout: ours -- A reply that nobody asked for ends the connection
#  ~ ^7: diagnostic \{unexpected reply from server\} args \{\} code 400
# wire: ours -- A reply that nobody asked for ends the connection
#  !~ DATA
show {send [hello]}
