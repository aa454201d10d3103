#!/bin/sh
# dovecot.sh - Dovecot's submission server for tests, on loopback, in the foreground; ends at SIGTERM.
#
# usage: dovecot.sh ROOT DIR PORT TLSPORT CERTIFICATES PYTHON RELAYPORT TOKENPORT     see namespace.sh
#
# It takes no mail without a login. Mail goes on to aiosmtpd at RELAYPORT and arrives in DIR/relay. A token is good if
# DIR/tokens, NAME:TOKEN, has it; tokeninfo.py at TOKENPORT says so.
. "$(dirname "$0")/namespace.sh"
here=$(dirname "$0") python=$6 relay=$7 tokens=$8
mkdir -p "$dir/run" "$dir/home" "$dir/relay"
cp "$dir/logins" "$dir/relay/logins"
"$python" "$here/aiosmtpd_server.py" "$dir/relay" "$relay" &
"$python" "$here/tokeninfo.py" "$tokens" "$dir/tokens" &
for number in "$relay" "$tokens"; do
    until "$python" -c "import socket; socket.create_connection(('127.0.0.1', $number))" 2> /dev/null; do sleep 0.1; done
done
sed 's/:/:{PLAIN}/; s/$/::::::/' "$dir/logins" > "$dir/passwd"
cat > "$dir/oauth2.conf" <<E
tokeninfo_url = http://127.0.0.1:$tokens/?token=
introspection_url = http://127.0.0.1:$tokens/
introspection_mode = auth
username_attribute = email
active_attribute = active
active_value = yes
E
cat > "$dir/dovecot.conf" <<E
base_dir = $dir/run
state_dir = $dir/run
log_path = $dir/log
auth_verbose = yes
protocols = submission
listen = 127.0.0.1
hostname = localhost
default_internal_user = nobody
default_internal_group = nogroup
default_login_user = nobody
ssl = yes
ssl_cert = <$certificates/server.pem
ssl_key = <$certificates/server.key
auth_mechanisms = plain login cram-md5 digest-md5 scram-sha-1 scram-sha-256 xoauth2 oauthbearer
auth_failure_delay = 0
passdb {
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = $dir/oauth2.conf
}
passdb {
  driver = passwd-file
  args = $dir/passwd
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home=$dir/home
}
mail_location = maildir:$dir/mail
first_valid_uid = 1
first_valid_gid = 1
submission_relay_host = 127.0.0.1
submission_relay_port = $relay
submission_relay_trusted = no
service anvil {
  chroot =
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service submission-login {
  chroot =
  inet_listener submission {
    port = $port
  }
  inet_listener submissions {
    port = $tls
    ssl = yes
  }
}
E
chown -R nobody:nogroup "$dir"
exec setpriv --reuid=nobody --regid=nogroup --clear-groups dovecot -F -c "$dir/dovecot.conf"
