set token [hello]
foreach {key value} {From a@example.com To b@example.org Subject hi} { mime::setheader $token $key $value }
build $token
