# Bcc: a second message, a digest with the first one in it.
smtp::sendmessage [hello] -servers 127.0.0.1 -ports $port -originator a@example.com -header {To b@example.org} -header {Bcc {c@example.org, d@example.org}} -header {Subject hello}
