"""A network of this process alone: `mail.test.example` is 192.0.2.10, which is this machine and no loopback address."""
import fcntl
import os
import socket
import struct
import sys
import tempfile

FAR, NEAR = "mail.test.example", "near.test.example"
ADDRESS = "192.0.2.10"
SIOCGIFFLAGS, SIOCSIFFLAGS, SIOCSIFADDR, IFF_UP = 0x8913, 0x8914, 0x8916, 1


def enter():
    """Runs this program anew in namespaces for network and mounts; False where the machine does not allow it."""
    if os.environ.get("TEST_NETWORK") == "inside":
        set_up()
        return True
    user = [] if os.getuid() == 0 else ["--user", "--map-root-user"]
    words = ["unshare", *user, "--net", "--mount", "--propagation", "private"]
    if os.spawnvp(os.P_WAIT, "unshare", [*words, "true"]) != 0:
        return False
    os.execvpe("unshare", [*words, sys.executable, *sys.argv], dict(os.environ, TEST_NETWORK="inside"))


def set_up():
    """The loopback interface is up and has one more address, and names are looked up in a file."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        request = struct.pack("16sh14x", b"lo", 0)
        flags = struct.unpack("16sh14x", fcntl.ioctl(sock, SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(sock, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags | IFF_UP))
        address = struct.pack("16sHH4s8x", b"lo:1", socket.AF_INET, 0, socket.inet_aton(ADDRESS))
        fcntl.ioctl(sock, SIOCSIFADDR, address)
    hosts = tempfile.NamedTemporaryFile("w", suffix=".hosts", delete=False)
    with hosts:
        hosts.write("127.0.0.1 localhost %s\n%s %s\n" % (NEAR, ADDRESS, FAR))
    os.chmod(hosts.name, 0o644)
    if os.spawnlp(os.P_WAIT, "mount", "mount", "--bind", hosts.name, "/etc/hosts") != 0:
        raise SystemExit("cannot mount a file over /etc/hosts")
    os.unlink(hosts.name)
