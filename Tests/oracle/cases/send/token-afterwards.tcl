# The token's header fields after a send.
# stdout: 1.20 -- left-on-token
set token [hello]
mime::setheader $token Subject one
send $token -header {X-One 1}
puts [mime::getheader $token -names]
puts [mime::getheader $token Subject]
