show {mime::getbody [mime::initialize -string "Content-Transfer-Encoding: base64\n\naGVs*!\nbG8=\n"]}
