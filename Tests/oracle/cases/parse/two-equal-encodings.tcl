show {mime::getbody [mime::initialize -string "Content-Transfer-Encoding: base64\nContent-Transfer-Encoding: base64\n\neA==\n"]}
