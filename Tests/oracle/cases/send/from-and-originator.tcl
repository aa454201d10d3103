# Another originator than From: a Sender.
# wire: ours -- Sender names the originator; Tcllib repeats the address of From
#  ~ ^D: Sender: bob@example.com$
send [hello] -header {From {Ann <ann@example.com>}} -originator bob@example.com
