# wire: ours -- header-words
#  ~ ^Subject: =\?utf-8\?[BQbq]\?.*\?=$
#  !~ \\u
set token [hello]
mime::setheader $token Subject "na\u00efve \u20ac"
build $token
