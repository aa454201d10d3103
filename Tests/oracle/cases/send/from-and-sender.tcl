send [hello] -header {From {Ann <ann@example.com>}} -header {Sender {Sue <sue@example.com>}} -originator bob@example.com
