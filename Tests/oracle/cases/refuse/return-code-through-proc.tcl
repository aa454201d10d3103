# The return code 7 seen by a caller of the caller.
# reply: MAIL 550 5.7.1 not you
# stdout: 2.0 -- code-7
proc inner {} { send [hello] }
proc outer {} { inner }
puts [catch {outer} result]
puts $result
