# -queue with XQUE offered.
# offer: XQUE
send [hello] -queue 1
