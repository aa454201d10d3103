show {mime::getproperty [mime::initialize -string "MIME-Version: 1.0\nMIME-Version: 1.0\n\nx\n"] content}
