build [mime::initialize -canonical message/rfc822 -parts [list [hello]]]
