smtp::sendmessage [hello] -servers 127.0.0.1 -ports $port -originator a@example.com -header {To {Bee <b@example.org>}}
