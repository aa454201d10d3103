mime::copymessage [hello] nosuch
