set token [hello]
mime::setheader $token Subject [mime::word_encode utf-8 base64 "na\u00efve"]
build $token
