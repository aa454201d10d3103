# wire: 1.20 -- cte-twice
build [hello "From here to there\n"]
