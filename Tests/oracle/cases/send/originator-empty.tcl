# -originator {} is the null reverse-path; no From is made.
send [hello] -originator ""
