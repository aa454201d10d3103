# wire: ours -- With -recipients a Dcc field is taken out; Tcllib sends it
#  !~ Dcc
#  ~ ^C: QUIT$
send [hello] -header {Dcc d@example.org}
