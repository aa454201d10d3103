# wire: ours -- qp-front
#  ~ ^=2Ea line
build [hello ".a line that begins with a dot\n"]
