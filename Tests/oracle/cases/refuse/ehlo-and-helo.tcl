# reply: EHLO 502 what?
# reply: HELO 550 go away
# stdout: ours -- A refused EHLO is the error, not the text of the greeting before it
#  | 1: go away
show {send [hello]}
