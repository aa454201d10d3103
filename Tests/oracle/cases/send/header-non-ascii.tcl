# wire: ours -- header-words
#  ~ ^D: Subject: =\?utf-8\?[BQbq]\?.*\?=$
send [hello] -header [list Subject "na\u00efve"]
