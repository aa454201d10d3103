# From gives the originator.
smtp::sendmessage [hello] -servers 127.0.0.1 -ports $port -recipients b@example.org -header {From {Ann <ann@example.com>}}
