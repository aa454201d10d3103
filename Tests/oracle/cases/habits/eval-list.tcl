set options [list -canonical text/plain -string hello]
mime::getbody [eval mime::initialize $options]
