#!/bin/sh
# postfix.sh - Postfix for tests, on loopback, in the foreground; ends at SIGTERM.
#
# usage: postfix.sh ROOT DIR PORT     ROOT: the unpacked package; mail arrives in DIR/mail/new
. "$(dirname "$0")/namespace.sh"
mkdir -p "$dir/spool" "$dir/data" "$dir/mail"
chmod 755 "$dir"
chown postfix "$dir/data"
chown nobody "$dir/mail"
printf '/^bad/ 550 5.1.1 unknown user\n/^grey/ 450 4.2.0 come back later\n' > "$dir/recipients"
echo '/^Subject: refuse me/ REJECT refused as asked' > "$dir/headers"
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
smtpd_recipient_restrictions = check_recipient_access regexp:$dir/recipients check_recipient_access inline:{{open.example=OK}} reject
smtpd_relay_restrictions =
header_checks = regexp:$dir/headers
smtpd_forbid_bare_newline = yes
E
cat > "$dir/master.cf" <<E
127.0.0.1:$port inet n - n - - smtpd
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
