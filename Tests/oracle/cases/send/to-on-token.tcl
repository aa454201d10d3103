set token [hello]
mime::setheader $token To ann@example.com
show {smtp::sendmessage $token -servers 127.0.0.1 -ports $port -originator a@example.com}
