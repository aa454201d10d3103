# reply: DOT 552 5.2.2 mailbox full
# result: 2.0 -- code-7
# stdout: 2.0 -- code-7
set code [catch {send [hello]} result options]
puts $code
puts [dict get $options -code]
puts $result
puts [dict get $result code]
