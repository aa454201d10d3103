send [hello] -header {From {Ann <ann@example.com>}} -originator ann@example.com
