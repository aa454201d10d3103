# -recipients wins for the envelope; To is still shown.
send [hello] -header {To shown@example.org} -recipients real@example.org
