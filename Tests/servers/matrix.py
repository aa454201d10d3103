"""Logins to real servers: matrix.py [--reference] [-v] [NAME...]; every server × TLS mode × mechanism that it offers, in a table.

In each cell a mail that needs a login is sent with the right password, with one that is not ASCII, and with a wrong one, which
must be an error. Postfix, Exim, Dovecot and OpenSMTPD need root and scripts/setup --servers. With --reference Python's smtplib
is the client in place of mailsh, for the mechanisms that it can.
"""
import argparse
import os
import smtplib
import ssl
import subprocess
import sys
import tempfile

import reference
import run
from random_mails import words

MODES = ("none", "starttls", "implicit")
CYRUS = ["PLAIN", "LOGIN", "CRAM-MD5", "DIGEST-MD5", "NTLM", "SCRAM-SHA-1", "SCRAM-SHA-256"]
DOVECOT = ["PLAIN", "LOGIN", "CRAM-MD5", "DIGEST-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256", "XOAUTH2", "OAUTHBEARER"]
# What each is to offer; EXTERNAL to those who show a certificate.
OFFERS = {
    "aiosmtpd": {mode: ["PLAIN", "LOGIN"] for mode in MODES},
    "postfix": {mode: CYRUS for mode in MODES},
    "exim": {"none": ["PLAIN", "LOGIN", "CRAM-MD5", "NTLM"]} | {
        mode: ["PLAIN", "LOGIN", "CRAM-MD5", "NTLM", "EXTERNAL"] for mode in ("starttls", "implicit")},
    "dovecot": {mode: DOVECOT for mode in MODES},
    "opensmtpd": {"none": []} | {mode: ["PLAIN", "LOGIN"] for mode in ("starttls", "implicit")},
}
COLUMNS = sorted({name for modes in OFFERS.values() for names in modes.values() for name in names})
BEARER = ("XOAUTH2", "OAUTHBEARER")
# Cells where the right password cannot do, and why.
IMPOSSIBLE = {("exim", "NTLM"): "its `spa` knows NTLM of version 1 only"}
# Where a password that is not ASCII cannot do.
ASCII_ONLY = {("postfix", "NTLM"): "Cyrus SASL takes each octet of the password for a character"}
SCRIPT = r"""package require mime
package require smtp
fconfigure stdout -encoding utf-8
set jobs [open jobs]
fconfigure $jobs -encoding utf-8
while {[gets $jobs line] >= 0} {
    lassign $line id options
    set token [mime::initialize -canonical text/plain -string hello -header [list Message-ID $id]]
    set report {}
    set code [catch { smtp::sendmessage $token {*}$options -resultvariable report } result]
    set facts [list $id $code]
    foreach path {status {auth mechanism} {auth ok} {tls version} {tls verification}} {
        lappend facts [expr {[dict exists $report {*}$path] ? [dict get $report {*}$path] : ""}]
    }
    if {$result eq "" && [dict exists $report auth error]} { set result [dict get $report auth error] }
    puts [join [lmap fact [lappend facts $result] { string map {\n " " \t " "} $fact }] \t]
}
smtp::close -all
"""


class Attempt:
    """One mail in one cell."""

    def __init__(self, number, mode, mechanism, kind):
        self.mode, self.mechanism, self.kind = mode, mechanism, kind
        self.id = "<cell%d@matrix.test>" % number
        self.name = "zoe" if kind == "not ASCII" else "ann"
        secret = run.TOKENS["ann"] if mechanism in BEARER else run.LOGINS[self.name]
        self.secret = secret[:-1] + "Q" if kind == "wrong" else secret
        self.is_in = self.is_sent = False
        self.wrong = "not tried"

    def options(self, server):
        chosen = {"-servers": "127.0.0.1", "-ports": server.tls_port if self.mode == "implicit" else server.port,
                  "-originator": "ann@example.com", "-recipients": "bob@closed.example", "-timeout": "20s",
                  "-tlsmode": self.mode, "-username": self.name, "-password": self.secret, "-mechanisms": self.mechanism}
        if self.mode != "none":
            chosen["-cafile"] = run.certificates() + "/ca.pem"
        if self.mode == "implicit":
            chosen["-servername"] = "localhost"
        if self.mechanism == "EXTERNAL" and self.kind != "wrong":
            chosen.update({"-certfile": run.certificates() + "/client.pem", "-keyfile": run.certificates() + "/client.key"})
        return words(*[word for pair in chosen.items() for word in pair])

    def judge(self, code, status, mechanism, is_in, version, verification, said):
        """What is wrong with a send of ours."""
        self.is_in, self.is_sent = is_in == "1", status == "sent"
        facts = "code %s, status %s, login %s %s, TLS %s %s: %s" % (code, status, mechanism, is_in, version, verification, said)
        right = code == "0" and self.is_sent and self.is_in and mechanism == self.mechanism and (
            (version, verification) == ("", "") if self.mode == "none" else version.startswith("1.") and verification == "verified")
        refused = not self.is_sent and not self.is_in and said and (code != "0" or self.mode == "none")
        self.wrong = None if (right if self.is_hopeful else refused) else facts

    def judge_reference(self, said):
        self.wrong = None if self.is_in == self.is_sent == self.is_hopeful else "login %s, sent %s: %s" % (self.is_in, self.is_sent, said)


def offered(server, mode, folder):
    """The mechanisms that a server offers to a client with a certificate."""
    context = ssl.create_default_context(cafile=folder + "/ca.pem")
    context.load_cert_chain(folder + "/client.pem", folder + "/client.key")
    if mode == "implicit":
        client = smtplib.SMTP_SSL("127.0.0.1", server.tls_port, context=context, timeout=20)
    else:
        client = smtplib.SMTP("127.0.0.1", server.port, timeout=20)
    with client:
        if mode == "starttls":
            client.starttls(context=context)
        client.ehlo()
        return client.esmtp_features.get("auth", "").split()


def attempts(name):
    """All of one server."""
    number = 0
    for mode in MODES:
        for mechanism in OFFERS[name][mode]:
            for kind in ("right", "not ASCII", "wrong"):
                if kind == "not ASCII" and (mechanism in BEARER + ("EXTERNAL",) or (name, mechanism) in ASCII_ONLY):
                    continue
                number += 1
                attempt = Attempt(number, mode, mechanism, kind)
                attempt.is_hopeful = kind != "wrong" and (name, mechanism) not in IMPOSSIBLE
                yield attempt


def send_ours(server, all_attempts):
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "jobs"), "w", encoding="utf-8") as file:
            file.writelines(words(x.id, x.options(server)) + "\n" for x in all_attempts)
        with open(os.path.join(folder, "script.tcl"), "w") as file:
            file.write(SCRIPT)
        ended = subprocess.run([run.HOSTS["mailsh"], "script.tcl"], cwd=folder, stdin=subprocess.DEVNULL, capture_output=True,
                               encoding="utf-8", timeout=600)
    lines = [line.split("\t") for line in ended.stdout.splitlines()]
    told = {line[0]: line[1:] for line in lines if len(line) == 8}
    for attempt in all_attempts:
        if attempt.id in told:
            attempt.judge(*told[attempt.id])
        else:
            attempt.wrong = "nothing was told: %s" % ended.stderr[-300:]


def send_reference(server, all_attempts):
    for attempt in all_attempts:
        mail = "Message-ID: %s\r\n\r\nhello\r\n" % attempt.id
        attempt.is_in, attempt.is_sent, said = reference.attempt(
            server, attempt.mode, attempt.mechanism, attempt.name, attempt.secret, mail, run.certificates())
        attempt.judge_reference(said)


def is_within(attempt):
    """Whether the reference can do it: smtplib encodes secrets as ASCII and has no NTLM, and always shows its certificate."""
    return attempt.mechanism != "NTLM" and attempt.kind != "not ASCII" and (attempt.mechanism, attempt.kind) != ("EXTERNAL", "wrong")


def compare(server, all_attempts):
    """What was told against what arrived."""
    arrived = b"".join(server.mails(sum(x.is_sent for x in all_attempts)))
    for attempt in all_attempts:
        if (attempt.id.encode() in arrived) != attempt.is_sent:
            attempt.wrong = "sent is told as %s, and the mail says otherwise" % attempt.is_sent


def rows(server, name, options):
    """The lines of the table of one server; the attempts."""
    everything = [x for x in attempts(name) if not options.reference or is_within(x)]
    (send_reference if options.reference else send_ours)(server, everything)
    compare(server, everything)
    lines = []
    for mode in MODES:
        is_offer_right = sorted(offered(server, mode, run.certificates())) == sorted(OFFERS[name][mode])
        cells = []
        for mechanism in COLUMNS:
            cell = [x for x in everything if (x.mode, x.mechanism) == (mode, mechanism)]
            text = "-" if not cell else "FAILED" if any(x.wrong for x in cell) else "no" if (name, mechanism) in IMPOSSIBLE else "ok"
            cells.append(text)
        lines.append((name, mode, cells, is_offer_right))
    return lines, everything


def servers(everything):
    for name, command, pattern in run.servers(everything):
        if name in OFFERS:
            yield name, command, pattern
    if everything:
        yield "dovecot", run.daemon("dovecot", sys.executable, "{others[0]}", "{others[1]}"), "relay/*.eml"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--reference", action="store_true")
    parser.add_argument("-v", action="store_true")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    is_root = os.getuid() == 0
    if not is_root:
        print("skipped: Postfix, Exim, Dovecot and OpenSMTPD need root")
    passed = failed = 0
    table = []
    for name, command, pattern in servers(is_root):
        if options.names and name not in options.names:
            continue
        server = run.Server(name, command, pattern)
        try:
            if not server.ready():
                print("FAILED: %s does not start" % name)
                failed += 1
                continue
            lines, everything = rows(server, name, options)
        finally:
            server.stop()
        table += lines
        for attempt in everything:
            passed, failed = passed + (not attempt.wrong), failed + bool(attempt.wrong)
            if attempt.wrong or options.v:
                print("%s: %s, %s, %s, %s password%s" % ("FAILED" if attempt.wrong else "ok", name, attempt.mode, attempt.mechanism,
                                                        attempt.kind, ": " + attempt.wrong if attempt.wrong else ""))
        for _, mode, _, is_offer_right in lines:
            passed, failed = passed + is_offer_right, failed + (not is_offer_right)
            if not is_offer_right:
                print("FAILED: %s, %s: it does not offer %s" % (name, mode, " ".join(OFFERS[name][mode])))
    widths = [max(len(column), 6) for column in COLUMNS]
    print("\n%-10s %-9s" % ("server", "TLS"), *("%-*s" % pair for pair in zip(widths, COLUMNS)))
    for name, mode, cells, _ in table:
        print("%-10s %-9s" % (name, mode), *("%-*s" % pair for pair in zip(widths, cells)))
    print("\nok: sent with a login, and a wrong password is an error; -: not offered; no: a right password is an error, too:")
    for (name, mechanism), reason in IMPOSSIBLE.items():
        print("  %s, %s: %s" % (name, mechanism, reason))
    for (name, mechanism), reason in ASCII_ONLY.items():
        print("  %s, %s: only passwords in ASCII: %s" % (name, mechanism, reason))
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
