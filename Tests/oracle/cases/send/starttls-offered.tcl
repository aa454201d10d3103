# A server that offers STARTTLS, a client without TLS.
# offer: STARTTLS
send [hello]
