"""Random mails with random options to a real server; the octets of each are compared at the far end.

The reference is a regular expression for line ends, and Python's base64 and quopri; nothing of ours.
"""
import base64
import os
import quopri
import random
import re
import subprocess
import tempfile

SCRIPT = r"""package require mime
package require smtp
proc ended {token} {}
proc told {id report} {
    set good [lsearch -all -inline [dict values [dict get $report recipients]] {*status accepted*}]
    set error [dict get $report error]
    puts "$id [dict get $report status] [llength $good] $error"
    if {$error ne "" && [dict get $report status] ne "refused"} { puts stderr "$id: $error\n[dict remove $report recipients extensions]" }
}
set jobs [open jobs]
fconfigure $jobs -encoding utf-8
while {[gets $jobs group] >= 0} {
    set tokens {}
    foreach {id form make options} $group {
        set token [mime::initialize {*}$make]
        if {$form eq "together"} {
            lappend tokens $id [smtp::sendmessage $token {*}$options -command ended]
        } else {
            catch { smtp::sendmessage $token {*}$options -resultvariable report }
            told $id $report
        }
    }
    foreach {id token} $tokens { catch { smtp::wait $token }; told $id [smtp::report $token] }
}
smtp::close -all
"""
PIECES = [b".", b"..", b".dot", b"words", b"a line = with signs", b"\t", b" ", b"From ", b"x" * 70, b"-- ", "Gr\u00fc\u00dfe \u20ac".encode()]
ENDS = [b"\n", b"\n", b"\r\n", b"\r", b"\n\n", b"\n\r"]


def body(dice, is_text, length):
    if not is_text:
        return dice.randbytes(length)
    octets = b""
    while len(octets) < length:
        octets += b"".join(dice.choices(PIECES, k=dice.randrange(12))) + dice.choice(ENDS)
    return octets


def transformed(octets):
    """Every CR, LF and CRLF is one line end."""
    return re.sub(rb"\r\n|\r|\n", b"\n", octets)


def words(*items):
    """A list as Tcl reads it, of words without special characters but blanks."""
    return " ".join("{%s}" % item for item in items)


class Mail:
    def __init__(self, dice, number, server, folder):
        self.id = "m%d.%d@random.test" % (server.port, number)
        self.encoding = dice.choice(["7bit", "8bit", "quoted-printable", "base64"])
        self.is_text = self.encoding != "base64" or dice.random() < 0.3
        length = dice.choice([0, 1, 50, 500, 500, 1000, 1000, 3000, 10000, 80000])
        self.octets = body(dice, self.is_text, length)
        if self.encoding == "7bit":
            self.octets = bytes(x & 127 for x in self.octets)
            self.octets = self.octets.replace(b"\0", b"0")
        self.wanted = transformed(self.octets) if self.is_text else self.octets
        name = os.path.join(folder, "%d.body" % number)
        with open(name, "wb") as file:
            file.write(self.octets)
        kind = "text/plain" if self.is_text else "application/octet-stream"
        self.make = words("-canonical", kind, "-encoding", self.encoding, "-header", "Message-ID <%s>" % self.id,
                          "-header", "From ann@example.com", "-header", "Subject {mail %d}" % number, "-file", name)
        self.recipients = dice.choices(["bob@open.example", "carol@open.example", "bad@open.example", "dan@open.example"],
                                       weights=[8, 4, 1, 4], k=dice.choice([1, 1, 1, 2, 4]))
        self.recipients = ["r%d%s" % pair if not pair[1].startswith("bad") else "bad%d%s" % (pair[0], pair[1][3:])
                           for pair in enumerate(self.recipients)]
        self.options(dice, server)

    def options(self, dice, server):
        chosen = {"-servers": "127.0.0.1", "-ports": server.port, "-originator": "ann@example.com",
                  "-recipients": ", ".join(self.recipients), "-pipelining": dice.choice([0, 1, 1]),
                  "-8bitmime": dice.choice([0, 1, 1]), "-chunking": dice.choice([0, 1]),
                  "-atleastone": dice.choice([0, 1]), "-timeout": "20s",
                  "-blocksize": dice.choice([1, 7, 100, 1000, 65536]) if len(self.octets) < 5000 else dice.choice([1000, 4096, 65536])}
        self.is_at_least_one = chosen["-atleastone"]
        self.form = "now"
        if server.is_lmtp:
            chosen["-transport"] = "lmtp"
        if "DSN" in server.offers and dice.random() < 0.3:
            chosen.update({"-notify": dice.choice(["never", "failure", "failure delay"]), "-return": "headers",
                           "-envid": "id-%d" % dice.randrange(1000)})
        self.chosen = chosen

    @property
    def takers(self):
        """How many recipients are to have it."""
        good = sum(not x.startswith("bad") for x in self.recipients)
        return good if self.is_at_least_one or good == len(self.recipients) else 0

    def job(self):
        return words(self.id, self.form, self.make, words(*[x for pair in self.chosen.items() for x in pair]))

    def complaint(self, raw, has_crlf):
        """What is wrong with the octets that arrived, or None."""
        if has_crlf and not raw.count(b"\r\n") == raw.count(b"\r") == raw.count(b"\n"):
            return "a CR or LF by itself arrived"
        header, _, octets = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
        encoding = re.search(rb"(?im)^content-transfer-encoding: *(\S+)", header)
        encoding = encoding.group(1).lower() if encoding else b"7bit"
        if encoding == b"base64":
            octets = base64.b64decode(octets)
            octets = transformed(octets) if self.is_text else octets
        elif encoding == b"quoted-printable":
            # A CR that was encoded is a line end by itself, before a line break too.
            octets = quopri.decodestring(octets).replace(b"\r", b"\n")
        if octets.rstrip(b"\n") != self.wanted.rstrip(b"\n"):
            at = next((n for n, (x, y) in enumerate(zip(octets, self.wanted)) if x != y), 0)
            return "%r in %s arrived, not %r, at octet %d" % (
                octets[max(at - 40, 0):at + 40], encoding, self.wanted[max(at - 40, 0):at + 40], at)
        return None


def groups(dice, mails, at_once):
    """Some one by one, some kept on one connection, some at once."""
    while mails:
        kind = dice.choice(["single", "kept", "together"])
        count = {"single": 1, "kept": 20, "together": at_once}[kind]
        group, mails = mails[:count], mails[count:]
        shared = {x: group[0].chosen[x] for x in ("-pipelining", "-8bitmime", "-chunking")}
        for mail in group:
            mail.form = "together" if kind == "together" else "now"
            if kind == "kept":
                mail.chosen.update(shared, **{"-keepalive": 1})
        yield group


def run(server, mailsh, count, seed, limit):
    """Sends `count` mails in pieces; how many were compared, and what is wrong."""
    compared, wrong = 0, []
    dice = random.Random("%s %d" % (server.name, seed))
    for start in range(0, count, 500):
        with tempfile.TemporaryDirectory() as folder:
            mails = [Mail(dice, start + n, server, folder) for n in range(min(500, count - start))]
            with open(os.path.join(folder, "jobs"), "w", encoding="utf-8") as file:
                for group in groups(dice, mails, server.at_once):
                    file.write(" ".join(mail.job() for mail in group) + "\n")
            with open(os.path.join(folder, "s.tcl"), "w") as file:
                file.write(SCRIPT)
            ended = subprocess.run([mailsh, "s.tcl"], cwd=folder, capture_output=True, text=True, stdin=subprocess.DEVNULL,
                                   timeout=limit + len(mails))
            if ended.returncode:
                return compared, wrong + ["exit code %d: %s" % (ended.returncode, ended.stderr[:300])]
        reported = {line.split()[0]: line.split(" ", 3)[1:] for line in ended.stdout.splitlines()}
        more, problems = judged(server, mails, reported)
        compared, wrong = compared + more, wrong + problems
    return compared, wrong


def judged(server, mails, reported):
    wrong, arrived = [], {}
    takes_all = server.name == "smtp-sink"
    takers = {mail.id: len(mail.recipients) if takes_all else mail.takers for mail in mails}
    copies = {x: min(1, n) if server.is_one_copy else n for x, n in takers.items()}
    for raw in server.mails(sum(copies.values()), raw=True):
        named = re.search(rb"(?im)^message-id: <([^>]*)>", raw)
        arrived.setdefault(named.group(1).decode() if named else "?", []).append(raw)
    compared = 0
    for mail in mails:
        status, accepted, error = reported.get(mail.id, ("lost", "0", ""))
        got = arrived.pop(mail.id, [])
        if (status == "sent") != bool(takers[mail.id]) or status not in ("sent", "refused"):
            wrong.append("%s: status %s %s, %d recipients were to have it" % (mail.id, status, error, takers[mail.id]))
        elif status == "sent" and int(accepted) != takers[mail.id]:
            wrong.append("%s: %s recipients are reported, not %d" % (mail.id, accepted, takers[mail.id]))
        if len(got) != copies[mail.id]:
            wrong.append("%s: it arrived %d times, not %d" % (mail.id, len(got), copies[mail.id]))
        problems = [x for x in (mail.complaint(raw, server.has_crlf) for raw in got) if x]
        if problems:
            wrong.append("%s, %s: %s" % (mail.id, mail.chosen, problems[0]))
        compared += bool(got) and not problems
    if arrived:
        wrong.append("mails that nobody sent: %s" % sorted(arrived)[:5])
    return compared, wrong
