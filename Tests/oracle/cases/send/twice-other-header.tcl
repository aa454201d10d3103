# wire: 1.20 -- left-on-token
set token [hello]
send $token -header {Subject one}
send $token -header {Subject two}
