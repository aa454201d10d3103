# wire: 1.20 -- cte-twice
build [hello ".a line that begins with a dot\n"]
