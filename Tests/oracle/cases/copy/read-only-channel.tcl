file_of f x
set channel [open f r]
show {mime::copymessage [hello] $channel}
