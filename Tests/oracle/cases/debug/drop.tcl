# reply: MAIL drop
# stdout: 2.0 -- code-7
# stderr: ours -- Nothing is said on a connection that is gone
#  ~ premature end-of-file from server \.\.\.$
#  !~ RSET
show {send [hello] -debug 1}
