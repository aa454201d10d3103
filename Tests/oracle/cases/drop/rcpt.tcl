# reply: RCPT drop
# stdout: ours -- A lost connection is the error of the send, not a refusal of one recipient
#  | 7: diagnostic {premature end-of-file from server} args {} code 400
show {send [hello]}
