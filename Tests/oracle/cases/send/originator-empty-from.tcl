send [hello] -originator "" -header {From ann@example.com}
