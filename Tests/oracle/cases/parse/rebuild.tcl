# A parsed message that was not changed, built again.
build [mime::initialize -string "Subject: hello\nFrom: a@example.com\n\nbody\n"]
