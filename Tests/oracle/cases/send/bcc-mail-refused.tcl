# reply: MAIL nth 2 452 4.3.1 too much
# result: ours -- A refused digest for Bcc ends like any refusal; Tcllib 1.5.2 reports success
#  | code 7: diagnostic {4.3.1 too much} args {} code 452
smtp::sendmessage [hello] -servers 127.0.0.1 -ports $port -originator a@example.com -header {To b@example.org} -header {Bcc c@example.org}
