send [hello] -header [list X-Long "first\n second"]
