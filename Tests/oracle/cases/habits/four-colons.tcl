set token [mime::::initialize -canonical text/plain -string x]
puts [mime::::getbody $token]
