# wire: ours -- qp-front
#  ~ ^=46rom here
build [hello "From here to there\n"]
