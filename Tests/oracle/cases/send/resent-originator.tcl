send [hello] -header {Resent-To b@example.org} -originator ann@example.com
