# reply: RCPT 550 5.1.1 no such user
# result: 1.20 -- Tcllib 1.5.2 joins the two lists of refused recipients without a space
smtp::sendmessage [hello] -servers 127.0.0.1 -ports $port -originator a@example.com -header {To b@example.org} -header {Bcc c@example.org}
