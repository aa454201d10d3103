# Read by the servers beside it: ROOT DIR PORT TLSPORT CERTIFICATES. An unpacked Debian package is laid over /usr and /etc in a
# mount namespace of this process alone; nothing is installed, and nobody else sees it. Needs root.
#
# DIR/logins has the users, NAME:PASSWORD; CERTIFICATES has ca.pem, server.pem and server.key for localhost and 127.0.0.1.
# PORT offers STARTTLS, TLSPORT is TLS from the start. Mail for open.example is taken from all, other mail after a login.
set -eu
[ -n "${INSIDE-}" ] || INSIDE=1 exec unshare --mount --propagation private sh "$0" "$@"
unpacked=$(realpath "$1") dir=$(realpath "$2") port=$3 tls=$4 certificates=$(realpath "$5")
PATH=$PATH:/usr/sbin:/sbin
mkdir -p "$dir/etc" "$unpacked/etc"
cp /etc/passwd /etc/group "$dir/etc"
number=730
for user in postfix postdrop Debian-exim opensmtpd opensmtpq dovecot dovenull; do
    number=$((number + 1))
    grep -q "^$user:" /etc/passwd || echo "$user:x:$number:$number::/nonexistent:/usr/sbin/nologin" >> "$dir/etc/passwd"
    grep -q "^$user:" /etc/group || echo "$user:x:$number:" >> "$dir/etc/group"
done
mount -t overlay overlay -o "lowerdir=$unpacked/usr:/usr" /usr
mount -t overlay overlay -o "lowerdir=$dir/etc:$unpacked/etc:/etc" /etc
