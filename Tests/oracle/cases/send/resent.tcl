# Resent-* fields take the part of the others.
smtp::sendmessage [hello] -servers 127.0.0.1 -ports $port -header {From old@example.com} -header {To old@example.org} -header {Resent-From ann@example.com} -header {Resent-To b@example.org}
