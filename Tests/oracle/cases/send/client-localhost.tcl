# -servers localhost: the client says localhost.
send [hello] -servers localhost
