send [hello] -header {Bcc c@example.org}
