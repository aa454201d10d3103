#!/bin/sh
# opensmtpd.sh - OpenSMTPD for tests, on loopback, in the foreground; ends at SIGTERM.
#
# usage: opensmtpd.sh ROOT DIR PORT TLSPORT CERTIFICATES     see namespace.sh; mail arrives in DIR/mail/new
. "$(dirname "$0")/namespace.sh"
# smtpd(8) has fixed places for its queue, its socket and the folder it locks itself into.
mkdir -p "$dir/mail" "$dir/spool/smtpd" "$dir/run" "$dir/lib/opensmtpd/empty"
mount --bind "$dir/spool" /var/spool
mount --bind "$dir/run" /run
mount --bind "$dir/lib" /var/lib
chown opensmtpd "$dir/mail"
chmod 711 "$dir" "$dir/spool/smtpd"
# The key must be root's alone.
cp "$certificates/server.key" "$dir/server.key"
chmod 600 "$dir/server.key"
while IFS=: read -r name password; do
    echo "$name $(printf %s "$password" | openssl passwd -6 -stdin)"
done < "$dir/logins" > "$dir/credentials"
cat > "$dir/smtpd.conf" <<E
pki localhost cert "$certificates/server.pem"
pki localhost key "$dir/server.key"
table logins file:$dir/credentials
smtp max-message-size 20M
filter bad phase rcpt-to match rcpt-to regex "^<?bad" reject "550 5.1.1 unknown user"
filter grey phase rcpt-to match rcpt-to regex "^<?grey" reject "450 4.2.0 come back later"
filter rcpt chain { bad, grey }
table box { "@" = opensmtpd }
listen on 127.0.0.1 port $port tls pki localhost auth-optional <logins> hostname localhost filter rcpt
listen on 127.0.0.1 port $tls smtps pki localhost auth-optional <logins> hostname localhost filter rcpt
action box maildir "$dir/mail" virtual <box>
match from any for domain "open.example" action box
match auth from any for any action box
E
chmod 600 "$dir/smtpd.conf"
exec smtpd -d -f "$dir/smtpd.conf"
