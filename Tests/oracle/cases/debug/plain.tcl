# -debug: the dialogue on standard error.
send [hello] -debug 1
