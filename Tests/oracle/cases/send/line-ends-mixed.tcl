# wire: 1.20 -- Tcllib 1.7.2 adds a CR to each CRLF of the text
set token [mime::initialize -canonical text/plain -encoding 7bit -string "\n\n\r\n\r\nx\n\ny"]
send $token
