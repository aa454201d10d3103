# A server that offers STARTTLS, and refuses it.
# offer: STARTTLS
# wire: ours -- TLS is started wherever it is offered; Tcllib does so where the package tls is installed
#   ~ C: STARTTLS\n\s*C: MAIL
send [hello]
