set token [hello]
mime::setheader $token Subject [string repeat "word " 40]
build $token
