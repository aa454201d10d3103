# A parsed message that was not changed, built again.
# wire: ours -- unchanged
#  ~ \Amessage\nSubject: hello\nFrom: a@example.com\n\nbody\n\Z
build [mime::initialize -string "Subject: hello\nFrom: a@example.com\n\nbody\n"]
