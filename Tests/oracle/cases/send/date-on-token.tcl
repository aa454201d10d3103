set token [hello]
mime::setheader $token Date "Mon, 05 Jun 2006 15:04:03 +0000"
mime::setheader $token Message-ID <mine@sink.test>
send $token
