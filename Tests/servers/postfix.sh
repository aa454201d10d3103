#!/bin/sh
# postfix.sh - Postfix for tests, on loopback, in the foreground; ends at SIGTERM.
#
# usage: postfix.sh ROOT DIR PORT TLSPORT CERTIFICATES     see namespace.sh; mail arrives in DIR/mail/new
#
# Logins by Cyrus SASL, whose names have a realm: NAME@localhost, or NAME alone.
. "$(dirname "$0")/namespace.sh"
mkdir -p "$dir/spool" "$dir/data" "$dir/mail" "$dir/sasl"
chmod 755 "$dir"
chown postfix "$dir/data"
chown nobody "$dir/mail"
printf '/^bad/ 550 5.1.1 unknown user\n/^grey/ 450 4.2.0 come back later\n' > "$dir/recipients"
echo '/^Subject: refuse me/ REJECT refused as asked' > "$dir/headers"
cat > "$dir/sasl/smtpd.conf" <<E
pwcheck_method: auxprop
auxprop_plugin: sasldb
sasldb_path: $dir/sasldb2
mech_list: PLAIN LOGIN CRAM-MD5 DIGEST-MD5 NTLM SCRAM-SHA-1 SCRAM-SHA-256
E
while IFS=: read -r name password; do
    printf %s "$password" | saslpasswd2 -p -c -f "$dir/sasldb2" -u localhost "$name"
done < "$dir/logins"
chown postfix "$dir/sasldb2"
cat > "$dir/main.cf" <<E
compatibility_level = 3.6
queue_directory = $dir/spool
data_directory = $dir/data
daemon_directory = /usr/lib/postfix/sbin
command_directory = /usr/sbin
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = localhost
mynetworks =
local_header_rewrite_clients =
mydestination =
alias_maps =
alias_database =
virtual_mailbox_domains = static:all
virtual_mailbox_base = $dir
virtual_mailbox_maps = static:mail/
virtual_uid_maps = static:$(id -u nobody)
virtual_gid_maps = static:$(id -g nobody)
virtual_minimum_uid = 1
message_size_limit = 20971520
maillog_file = $dir/log
maillog_file_prefixes = $dir
smtpd_recipient_restrictions = check_recipient_access regexp:$dir/recipients permit_sasl_authenticated
    check_recipient_access inline:{{open.example=OK}} reject
smtpd_relay_restrictions =
header_checks = regexp:$dir/headers
smtpd_forbid_bare_newline = yes
smtpd_error_sleep_time = 0
smtpd_tls_security_level = may
smtpd_tls_cert_file = $certificates/server.pem
smtpd_tls_key_file = $certificates/server.key
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = cyrus
smtpd_sasl_local_domain = localhost
cyrus_sasl_config_path = $dir/sasl
E
cat > "$dir/master.cf" <<E
127.0.0.1:$port inet n - n - - smtpd
127.0.0.1:$tls inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
tlsmgr unix - - n 1000? 1 tlsmgr
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
E
exec postfix -c "$dir" start-fg
