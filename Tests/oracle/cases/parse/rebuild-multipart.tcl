# wire: ours -- unchanged
#  ~ \Amessage\nSubject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=simple-boundary\n\n--simple-boundary\nContent-Type: text/plain\n\none\n
build [mime::initialize -string "Subject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=simple-boundary\n\n--simple-boundary\nContent-Type: text/plain\n\none\n--simple-boundary\nContent-Transfer-Encoding: base64\n\nb25l\n--simple-boundary--\n"]
