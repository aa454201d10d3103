set channel [open f w]
close $channel
regsub {file[0-9a-f]+} [list [catch {mime::copymessage [hello] $channel} result] $result] FILE
