"""Sends to real servers from each shell: run.py [--servers] [--random N] [--seed S] [-v] [NAME...]; scripts/test calls it.

smtp-sink and aiosmtpd always; Postfix, Exim and OpenSMTPD with --servers, which needs root. What arrives is compared octet for
octet. With --random only N random mails go to each server. TLS and logins: matrix.py.
"""
import argparse
import atexit
import functools
import glob
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

import random_mails
from certificates import Certificate

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
CACHE = os.environ.get("TCLMAIL_CACHE") or os.path.join(
    os.environ.get("XDG_CACHE_HOME") or os.path.join(os.environ.get("HOME", "/tmp"), ".cache"), "tclmail")
PACKAGE = os.path.join(ROOT, "dist", "tclmail")
HOSTS = {"mailsh": os.path.join(ROOT, "dist", "bin", "mailsh"), "tclsh8.6": "tclsh8.6",
         "tclsh9.0": os.path.join(CACHE, "bin", "tclsh9.0")}
LIMIT = 60
# Random mails to each server when no number is given.
FEW = 150
# The users of all servers; Dovecot's have tokens, too.
LOGINS = {"ann": "pencil-sharp+1", "zoe": "S\u00fc\u00dfstift-\u20ac"}
TOKENS = {"ann": "ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg"}

PRELUDE = """package require mime
package require smtp
proc send {token args} {
    smtp::sendmessage $token -servers 127.0.0.1 -ports $::env(PORT) -originator ann@example.com {*}$args
}
"""
# Each scenario: the script, what it prints, and the bodies that arrive (None: any).
SCENARIOS = {
    "example": ("""proc send_simple_message {recipient email_server subject body} {
    package require smtp
    package require mime
    set token [mime::initialize -canonical text/plain -string $body]
    mime::setheader $token Subject $subject
    smtp::sendmessage $token -recipients $recipient -servers $email_server -ports $::env(PORT)
    mime::finalize $token
}
send_simple_message someone@open.example 127.0.0.1 "This is the subject." "This is the message."
""", "", [b"This is the message."]),
    "dots and line ends": (r"""send [mime::initialize -canonical text/plain -encoding 7bit \
    -string ".\n..\n.dot\r\nplain\n\n.\nlast\n"] -recipients bob@open.example""", "",
                           [b".\n..\n.dot\nplain\n\n.\nlast\n"]),
    "refused recipient": ("""puts [send [mime::initialize -canonical text/plain -string hello] -atleastone 1 \\
    -recipients "bob@open.example, bad@open.example"]""", "bad@open.example 550", [b"hello"]),
    "all refused": ("""puts [llength [send [mime::initialize -canonical text/plain -string hello] \\
    -recipients "bad1@open.example, bad2@open.example"]]""", "2\n", []),
    "two in one process": ("""foreach text {one two} {
    send [mime::initialize -canonical text/plain -string $text] -recipients bob@open.example
}""", "", [b"one", b"two"]),
    "eight bits": (r"""send [mime::initialize -canonical text/plain -param {charset utf-8} -encoding 8bit \
    -string [encoding convertto utf-8 "caf\u00e9 \u20ac\n"]] -recipients bob@open.example""", "",
                   ["caf\u00e9 \u20ac\n".encode()]),
    "megabyte": (r"""send [mime::initialize -canonical text/plain -encoding 7bit \
    -string [string repeat "a line of some words\n.\n" 50000]] -recipients bob@open.example""", "",
                 [b"a line of some words\n.\n" * 50000]),
    "too large": (r"""set code [catch { send [mime::initialize -canonical text/plain -encoding 7bit \
    -string [string repeat "0123456789abcde\n" 2200000]] -recipients bob@open.example -resultvariable ::report }]
puts "$code [dict get $report status] [dict get $report stage] [dict get $report retryable] [dict get $report reply code]"
""", "MAIL no 552", []),
    "attachment": (r"""set file [open data wb]; puts -nonewline $file [string repeat "\u0000\u00ff\r\n.\n" 1000]; close $file
set text [mime::initialize -canonical text/plain -string "See the file.\n"]
set data [mime::initialize -canonical application/octet-stream -encoding base64 -file data]
send [mime::initialize -canonical multipart/mixed -parts [list $text $data]] -recipients bob@open.example""", "", [None]),
    "blind copies": ("""send [mime::initialize -canonical text/plain -string hello] -header {To bob@open.example} \\
    -header {Bcc carol@open.example}""", "", [None, None]),
}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@functools.cache
def certificates():
    """A folder with ca.pem, server.pem, server.key for localhost and 127.0.0.1, and client.pem, client.key for ann."""
    folder = tempfile.mkdtemp(prefix="certificates")
    atexit.register(shutil.rmtree, folder)
    os.chmod(folder, 0o755)
    authority = Certificate(folder, "Test CA", usage="ca")
    server = Certificate(folder, "localhost", names="DNS:localhost, IP:127.0.0.1", issuer=authority)
    client = Certificate(folder, "ann", usage="clientAuth", issuer=authority)
    for name, file in (("ca.pem", authority.file), ("server.pem", server.file), ("server.key", server.key),
                       ("client.pem", client.file), ("client.key", client.key)):
        os.symlink(file, os.path.join(folder, name))
    return folder


class Server:
    """A server in a process group of its own, in a folder of its own; `port` offers STARTTLS, `tls_port` is implicit TLS."""

    def __init__(self, name, command, pattern):
        self.name, self.pattern = name, pattern
        self.is_lmtp = name.endswith("lmtp")
        # One file a mail, and it is what came on the wire.
        self.is_one_copy = name.startswith(("smtp-sink", "aiosmtpd"))
        self.has_crlf = name.startswith("aiosmtpd")
        # OpenSMTPD lets five connections wait to be accepted; those beyond are greeted after seconds.
        self.at_once = 4 if name == "opensmtpd" else 10
        self.offers = []
        self.folder = tempfile.mkdtemp(prefix=name)
        os.chmod(self.folder, 0o777 if name == "smtp-sink" else 0o755)          # which runs as nobody
        for file_name, secrets in (("logins", LOGINS), ("tokens", TOKENS)):
            with open(os.path.join(self.folder, file_name), "w", encoding="utf-8") as file:
                file.writelines("%s:%s\n" % pair for pair in secrets.items())
        self.port, self.tls_port, *others = [free_port() for _ in range(4)]
        words = [w.format(folder=self.folder, port=self.port, tls=self.tls_port, certificates=certificates(), others=others)
                 for w in command]
        self.log = open(os.path.join(self.folder, "out"), "wb")
        self.process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
                                        start_new_session=True, cwd=self.folder)

    def ready(self):
        limit = time.monotonic() + LIMIT
        while time.monotonic() < limit and self.process.poll() is None:
            try:
                with socket.create_connection(("127.0.0.1", self.port), 1) as probe:
                    probe.settimeout(5)
                    lines = probe.makefile("rb")
                    if lines.readline().startswith(b"220"):
                        probe.sendall(b"LHLO localhost\r\n" if self.is_lmtp else b"EHLO localhost\r\n")
                        self.offers = self.offered(lines)
                        probe.sendall(b"QUIT\r\n")
                        return True
            except OSError:
                time.sleep(0.1)
        return False

    @staticmethod
    def offered(lines):
        """The keywords of a reply to EHLO."""
        words = []
        while True:
            line = lines.readline().decode("latin-1")
            words += line[4:].split()[:1]
            if line[3:4] != "-":
                return words[1:]

    def mails(self, count, raw=False):
        """The mails that arrived since the last call, with LF unless `raw`; waits for `count` of them."""
        limit = time.monotonic() + LIMIT
        while True:
            names = sorted(glob.glob(os.path.join(self.folder, self.pattern)), key=lambda n: (os.stat(n).st_mtime_ns, n))
            if len(names) >= count or time.monotonic() > limit:
                break
            time.sleep(0.02)
        octets = []
        for name in names:
            with open(name, "rb") as file:
                octets.append(file.read() if raw else file.read().replace(b"\r\n", b"\n"))
            os.unlink(name)
        return octets

    def stop(self):
        for group in {self.process.pid, *self.pids()}:
            try:
                os.killpg(group, signal.SIGTERM)
            except ProcessLookupError:
                pass
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def pids(self):
        """Postfix's master says its own, and leads a group of its own."""
        try:
            with open(os.path.join(self.folder, "spool/pid/master.pid")) as file:
                return [int(file.read())]
        except (OSError, ValueError):
            return []


def servers(everything):
    """Names, commands, and where mail arrives."""
    user = ["-u", "nobody"] if os.getuid() == 0 else []
    yield "smtp-sink", [os.path.join(CACHE, "bin/smtp-sink"), *user, "-d", "mail.%M.",
                        "127.0.0.1:{port}", "64"], "mail.*"
    usual = ["{folder}", "{port}", "{tls}", "{certificates}"]
    yield "aiosmtpd", [sys.executable, os.path.join(HERE, "aiosmtpd_server.py"), *usual], "*.eml"
    yield "aiosmtpd-lmtp", [sys.executable, os.path.join(HERE, "aiosmtpd_server.py"), *usual, "lmtp"], "*.eml"
    if everything:
        for name in ("postfix", "exim", "opensmtpd"):
            yield name, daemon(name), "mail/new/*"


def daemon(name, *more):
    """The command of a daemon that is unpacked."""
    return ["sh", os.path.join(HERE, name + ".sh"), os.path.join(CACHE, "server-" + name), "{folder}", "{port}", "{tls}",
            "{certificates}", *more]


def complaint(server, host, scenario):
    """Runs a scenario; what is wrong, or None."""
    script, printed, bodies = scenario
    folder = tempfile.mkdtemp(prefix="client")
    name = os.path.join(folder, "s.tcl")
    with open(name, "w") as file:
        file.write(PRELUDE + script + "\n")
    try:
        environment = dict(os.environ, PORT=str(server.port), LC_ALL="C.UTF-8")
        if host != "mailsh":
            environment["TCLLIBPATH"] = PACKAGE
        ended = subprocess.run([HOSTS[host], name], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                               capture_output=True, text=True, timeout=LIMIT)
    except subprocess.TimeoutExpired:
        return "no end in %d s" % LIMIT
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if ended.returncode or (printed not in ended.stdout if printed else ended.stdout.strip()):
        return "exit code %d, output %r, errors %r" % (ended.returncode, ended.stdout, ended.stderr[-300:])
    return wrong_mail(server.mails(len(bodies)), bodies)


def swift_complaint(server):
    """Runs the program of examples/swift-send, which knows no Tcl; what is wrong, or None."""
    program = os.path.join(ROOT, "examples/swift-send/.build/debug/swift-send")
    linked = subprocess.run(["ldd", program], capture_output=True, text=True).stdout
    if "libtcl" in linked or "libFoundation" in linked:
        return "it needs Tcl or Foundation"
    text = b"A line.\n.dot\nlast\n"
    with tempfile.NamedTemporaryFile() as file:
        file.write(text)
        file.flush()
        ended = subprocess.run([program, "127.0.0.1:%d" % server.port, "ann@example.com", "bob@open.example", "Hello",
                                file.name], capture_output=True, text=True, timeout=LIMIT)
    if ended.returncode:
        return "exit code %d, output %r, errors %r" % (ended.returncode, ended.stdout, ended.stderr)
    mails = server.mails(1)
    return wrong_mail(mails, [None]) or (None if b"A line." in mails[0] else "the mail is %r" % mails[0][:300])


def wrong_mail(mails, bodies):
    if len(mails) != len(bodies):
        return "%d mails arrived, not %d" % (len(mails), len(bodies))
    got = sorted(mail.partition(b"\n\n")[2].rstrip(b"\n") for mail in mails)
    wanted = sorted(body.rstrip(b"\n") for body in bodies if body is not None)
    if wanted and got != wanted:
        return "the bodies are %r, not %r" % ([x[:200] for x in got], [x[:200] for x in wanted])
    return None


def skipped(server, scenario):
    """smtp-sink takes everything."""
    return server == "smtp-sink" and ("refused" in scenario or scenario == "too large")


def scenarios(server):
    """Every scenario from every host, and the program that knows no Tcl; yields what is wrong, or None."""
    for host in HOSTS:
        for title, scenario in SCENARIOS.items():
            if not skipped(server.name, title):
                yield "%s, %s" % (host, title), complaint(server, host, scenario)
    yield "swift-send", swift_complaint(server)


def random_complaint(server, count, seed):
    compared, wrong = random_mails.run(server, HOSTS["mailsh"], count, seed, LIMIT)
    print("%s: %d mails sent, the octets of %d compared, seed %d" % (server.name, count, compared, seed))
    return "; ".join(wrong[:5]) if wrong else None if compared else "nothing was compared"


def rows(server, options):
    if not options.random and not server.is_lmtp:
        yield from scenarios(server)
    count = options.random or FEW
    yield "%d random mails" % count, random_complaint(server, count, options.seed)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--servers", action="store_true")
    parser.add_argument("--random", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("-v", action="store_true")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    if options.servers and os.getuid() != 0:
        print("skipped: Postfix, Exim and OpenSMTPD need root")
        options.servers = False
    passed = failed = 0
    for name, command, pattern in servers(options.servers):
        if options.names and name not in options.names:
            continue
        server = Server(name, command, pattern)
        try:
            if not server.ready():
                with open(os.path.join(server.folder, "out"), "rb") as log:
                    print("FAILED: %s does not start: %s" % (name, log.read()[-1000:].decode("utf-8", "replace")))
                failed += 1
                continue
            server.mails(0)
            for title, what in rows(server, options):
                passed, failed = passed + (what is None), failed + (what is not None)
                if what or options.v:
                    print("%s: %s, %s" % ("FAILED: " + what if what else "ok", name, title))
        finally:
            server.stop()
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
