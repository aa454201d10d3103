# Dcc: a blind copy; no such field goes out.
smtp::sendmessage [hello] -servers 127.0.0.1 -ports $port -originator a@example.com -header {To b@example.org} -header {Dcc d@example.org}
