send [hello] -originator joe
