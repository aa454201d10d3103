# copymessage writes what buildmessage returns; the channel's own translation applies.
set channel [open out wb]
set token [mime::initialize -canonical text/plain -header {Subject hello} -string "one\ntwo\n"]
puts <[mime::copymessage $token $channel]>
close $channel
set channel [open out rb]
octets [read $channel]
close $channel
