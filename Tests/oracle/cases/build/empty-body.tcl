build [hello ""]
