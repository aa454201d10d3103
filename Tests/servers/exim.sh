#!/bin/sh
# exim.sh - Exim for tests, on loopback, in the foreground; ends at SIGTERM.
#
# usage: exim.sh ROOT DIR PORT     ROOT: the unpacked package; mail arrives in DIR/mail/new
. "$(dirname "$0")/namespace.sh"
mkdir -p "$dir/spool" "$dir/log"
cat > "$dir/exim.conf" <<E
exim_path = /usr/sbin/exim4
exim_user = nobody
exim_group = nogroup
primary_hostname = localhost
spool_directory = $dir/spool
log_file_path = $dir/log/%slog
pid_file_path = $dir/pid
local_interfaces = 127.0.0.1
daemon_smtp_ports = $port
tls_advertise_hosts =
dsn_advertise_hosts = *
smtp_accept_queue_per_connection = 0
message_size_limit = 20M
never_users =
deliver_drop_privilege = true
acl_smtp_rcpt = recipient
acl_smtp_data = content
begin acl
recipient:
  deny local_parts = ^bad
       message = 5.1.1 unknown user
  defer local_parts = ^grey
       message = 450 4.2.0 come back later
  accept
content:
  deny condition = \${if eq{\$h_subject:}{refuse me}}
       message = 5.7.1 refused as asked
  accept
begin routers
all:
  driver = accept
  transport = file
begin transports
file:
  driver = appendfile
  maildir_format
  directory = $dir/mail
  create_directory
E
chmod 644 "$dir/exim.conf"
chown -R nobody:nogroup "$dir"
exec setpriv --reuid=nobody --regid=nogroup --clear-groups /usr/sbin/exim4 -C "$dir/exim.conf" -bdf -q1h
