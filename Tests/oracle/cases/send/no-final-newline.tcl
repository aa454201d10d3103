send [hello "no newline at the end"]
