# reply: MAIL raw what is this\r\n
# stdout: ours -- malformed
#  | 7: diagnostic {unrecognizable code: what is this} args {} code 400
# wire: ours -- malformed
#  ~ ^C: MAIL FROM:<a@example.com>\Z
show {send [hello]}
