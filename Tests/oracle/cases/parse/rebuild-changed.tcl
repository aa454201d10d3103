# wire: ours -- unchanged
#  ~ \Amessage\nSubject: other\nFrom: a@example.com\n\nbody\n\Z
set message [mime::initialize -string "Subject: hello\nFrom: a@example.com\n\nbody\n"]
mime::setheader $message Subject other
build $message
