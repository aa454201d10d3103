show {llength [mime::getproperty [mime::initialize -string "Content-Type: multipart/mixed; boundary=b\n\nonly text\n"] parts]}
