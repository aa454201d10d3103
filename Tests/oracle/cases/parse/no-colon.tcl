show {mime::getbody [mime::initialize -string "Subject: x\nno colon here\n\nbody\n"]}
