# reply: MAIL raw 2\r\n
# stdout: ours -- malformed
#  | 7: diagnostic {response too short: 2} args {} code 400
# wire: ours -- malformed
#  ~ ^C: MAIL FROM:<a@example.com>\Z
show {send [hello]}
