# wire: 1.20 -- cte-twice
build [hello "trailing space \n"]
