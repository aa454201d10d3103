show {mime::getproperty [mime::initialize -string "Content-Type: nonsense\n\nx\n"] content}
