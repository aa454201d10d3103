namespace eval app {
    proc make {} { mime::initialize -canonical text/plain -string x }
}
mime::getbody [app::make]
