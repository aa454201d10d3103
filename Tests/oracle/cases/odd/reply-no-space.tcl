# reply: MAIL raw 250ok\r\n
# stdout: ours -- malformed
#  | 7: diagnostic {unrecognizable code: 250ok} args {} code 400
# wire: ours -- malformed
#  ~ ^C: MAIL FROM:<a@example.com>\Z
show {send [hello]}
