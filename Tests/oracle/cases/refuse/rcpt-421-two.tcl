# reply: RCPT 421 4.3.2 closing then drop
# stdout: ours -- Recipients after a server closed get its words as their reason
#  | 0: {b@example.org 421 {4.3.2 closing}} {c@example.org 400 {the server closed the connection}}
show {send [hello] -recipients "b@example.org, c@example.org"}
