send [hello] -queue 1
