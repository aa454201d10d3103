send [hello ""]
