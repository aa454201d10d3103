build [mime::initialize -canonical application/x-thing -string "plain\n"]
