mime::copymessage [hello] stdout
