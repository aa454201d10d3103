build [hello "no newline at the end"]
