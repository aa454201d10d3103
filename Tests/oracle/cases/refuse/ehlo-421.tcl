# reply: EHLO 421 closing
# stdout: ours -- A refused EHLO is the error, not the text of the greeting before it
#  | 1: closing
show {send [hello]}
