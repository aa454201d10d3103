# Without -originator and From the user who runs the script is the originator.
smtp::sendmessage [hello] -servers 127.0.0.1 -ports $port -recipients b@example.org
