set channel [open out wb]
mime::copymessage [mime::initialize -canonical multipart/mixed -param {boundary simple-boundary} -parts [list [hello] [hello]]] $channel
close $channel
set channel [open out rb]
octets [read $channel]
close $channel
