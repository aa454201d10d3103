# Another originator than From: a Sender.
send [hello] -header {From {Ann <ann@example.com>}} -originator bob@example.com
