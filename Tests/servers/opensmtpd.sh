#!/bin/sh
# opensmtpd.sh - OpenSMTPD for tests, on loopback, in the foreground; ends at SIGTERM.
#
# usage: opensmtpd.sh ROOT DIR PORT     ROOT: the unpacked package; mail arrives in DIR/mail/new
. "$(dirname "$0")/namespace.sh"
# smtpd(8) has fixed places for its queue, its socket and the folder it locks itself into.
mkdir -p "$dir/mail" "$dir/spool/smtpd" "$dir/run" "$dir/lib/opensmtpd/empty"
mount --bind "$dir/spool" /var/spool
mount --bind "$dir/run" /run
mount --bind "$dir/lib" /var/lib
chown opensmtpd "$dir/mail"
chmod 711 "$dir" "$dir/spool/smtpd"
cat > "$dir/smtpd.conf" <<E
smtp max-message-size 20M
filter bad phase rcpt-to match rcpt-to regex "^<?bad" reject "550 5.1.1 unknown user"
filter grey phase rcpt-to match rcpt-to regex "^<?grey" reject "450 4.2.0 come back later"
filter rcpt chain { bad, grey }
table box { "@" = opensmtpd }
listen on 127.0.0.1 port $port hostname localhost filter rcpt
action box maildir "$dir/mail" virtual <box>
match from any for domain "open.example" action box
E
chmod 600 "$dir/smtpd.conf"
exec smtpd -d -f "$dir/smtpd.conf"
