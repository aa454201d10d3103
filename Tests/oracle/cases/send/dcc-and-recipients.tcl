send [hello] -header {Dcc d@example.org}
