# Without -encoding a long line makes quoted-printable.
# wire: 1.20 -- cte-twice
build [hello "[string repeat {long } 30]\n"]
