# reply: EHLO drop
# stdout: ours -- A refused EHLO is the error, not the text of the greeting before it
#  | 1: premature end-of-file from server
show {send [hello]}
