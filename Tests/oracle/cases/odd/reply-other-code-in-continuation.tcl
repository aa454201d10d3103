# reply: MAIL raw 250-one\r\n550 two\r\n
# stdout: ours -- malformed
#  | 7: diagnostic {reply codes differ: 550 two} args {} code 400
# wire: ours -- malformed
#  ~ ^C: MAIL FROM:<a@example.com>\Z
show {send [hello]}
