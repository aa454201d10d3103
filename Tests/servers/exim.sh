#!/bin/sh
# exim.sh - Exim for tests, on loopback, in the foreground; ends at SIGTERM.
#
# usage: exim.sh ROOT DIR PORT TLSPORT CERTIFICATES     see namespace.sh; mail arrives in DIR/mail/new
. "$(dirname "$0")/namespace.sh"
mkdir -p "$dir/spool" "$dir/log"
# password NAME: an expression for the password of that user.
password() { echo "\${lookup{$1}lsearch{$dir/logins}{\$value}fail}"; }
cat > "$dir/exim.conf" <<E
exim_path = /usr/sbin/exim4
exim_user = nobody
exim_group = nogroup
primary_hostname = localhost
spool_directory = $dir/spool
log_file_path = $dir/log/%slog
pid_file_path = $dir/pid
local_interfaces = 127.0.0.1
daemon_smtp_ports = $port : $tls
tls_on_connect_ports = $tls
tls_advertise_hosts = *
tls_certificate = $certificates/server.pem
tls_privatekey = $certificates/server.key
tls_verify_certificates = $certificates/ca.pem
tls_try_verify_hosts = *
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
  accept authenticated = *
  accept domains = open.example
  deny message = 5.7.1 log in first
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
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = \${if eq{\$auth3}{$(password '$auth2')}}
  server_set_id = \$auth2
login:
  driver = plaintext
  public_name = LOGIN
  server_prompts = Username:: : Password::
  server_condition = \${if eq{\$auth2}{$(password '$auth1')}}
  server_set_id = \$auth1
cram:
  driver = cram_md5
  public_name = CRAM-MD5
  server_secret = $(password '$auth1')
  server_set_id = \$auth1
ntlm:
  driver = spa
  public_name = NTLM
  server_password = $(password '$auth1')
  server_set_id = \$auth1
external:
  driver = external
  public_name = EXTERNAL
  server_advertise_condition = \${if eq{\$tls_in_certificate_verified}{1}}
  server_param2 = \${certextract{subject,CN}{\$tls_in_peercert}}
  server_condition = \${if or{{eq{\$auth1}{}}{eq{\$auth1}{\$auth2}}}}
  server_set_id = \$auth2
E
chmod 644 "$dir/exim.conf"
chown -R nobody:nogroup "$dir"
exec setpriv --reuid=nobody --regid=nogroup --clear-groups /usr/sbin/exim4 -C "$dir/exim.conf" -bdf -q1h
