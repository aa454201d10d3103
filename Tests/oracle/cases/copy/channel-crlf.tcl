set channel [open out w]
fconfigure $channel -translation crlf
mime::copymessage [hello] $channel
close $channel
set channel [open out rb]
puts [regexp -all {\r\n} [read $channel]]
close $channel
