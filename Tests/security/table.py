"""The table of what a send does: what is wrong with TLS × peer × login × what -tlspolicy answers × the options of TLS.

`expected` says it anew from the rules that SECURITY.md gives, and knows nothing of the program.
"""
import dataclasses
import itertools
import os
import ssl

import network
from certificates import Certificate, chained
from server import Server, context_of

USER, PASSWORD, TOKEN = "ann", "correct-horse-7", "ya29.c2VjcmV0LXRva2VuLW9mLWFubg"
NAMES = "DNS:%s, DNS:%s" % (network.FAR, network.NEAR)
# Certificate kinds: what the reason says, or None for those that are verified.
KINDS = {
    "good": None, "wildcard": None, "address": None, "chain": None,
    "self-signed": "self-signed certificate", "expired": "expired", "not yet valid": "not yet valid", "wrong name": "is for other.example",
    "wrong usage": "purpose", "intermediate missing": "unable to", "unknown authority": "unable to", "weak key": "too weak",
}
BROKEN = ("drop", "plaintext", "old")
LOGINS = ("none", "PLAIN", "CRAM-MD5", "XOAUTH2")
ANSWERS = ("", "secure", "insecure", "nonsense", "error")
WAYS = {
    "usual": {}, "-usetls 0": {"-usetls": 0}, "-tlsmode none": {"-tlsmode": "none"}, "-tlsmode optional": {"-tlsmode": "optional"},
    "-tlsmode starttls": {"-tlsmode": "starttls"}, "-tlsmode implicit": {"-tlsmode": "implicit"}, "-require 1": {"-require": 1},
    "-insecureauth 1": {"-insecureauth": 1},
}


class Certificates:
    """A certificate of each kind, made in a folder."""

    def __init__(self, folder):
        self.authority = Certificate(folder, "Test CA", usage="ca")
        other = Certificate(folder, "Other CA", usage="ca")
        middle = Certificate(folder, "Middle CA", usage="ca", issuer=self.authority)

        def make(subject=network.FAR, names=NAMES, issuer=self.authority, **more):
            return Certificate(folder, subject, names=names, issuer=issuer, **more)

        self.of = {
            "good": make(), "wildcard": make("*.test.example", "DNS:*.test.example"),
            "address": make("an address", "IP:%s, IP:127.0.0.1" % network.ADDRESS),
            "chain": make(issuer=middle), "self-signed": make(issuer=None), "expired": make(start=-20, end=-1),
            "not yet valid": make(start=1), "wrong name": make("other.example", "DNS:other.example"),
            "wrong usage": make(usage="clientAuth"), "intermediate missing": make(issuer=middle), "unknown authority": make(issuer=other),
            "weak key": make(bits=1024),
        }
        self.client = make("ann", "", usage="clientAuth")

    def context(self, kind):
        certificate = self.of.get(kind, self.of["good"])
        file = chained(certificate) if kind == "chain" else certificate.file
        return context_of(file, certificate.key, maximum=ssl.TLSVersion.TLSv1 if kind == "old" else None)


@dataclasses.dataclass(frozen=True)
class Cell:
    """What is tried. trouble: "none", "not offered", "refused", one of BROKEN, or one of KINDS that is not verified."""
    kind: str
    is_implicit: bool
    login: str
    answer: str
    way: str
    is_near: bool

    @property
    def host(self):
        if self.kind == "address":
            return "127.0.0.1" if self.is_near else network.ADDRESS
        return network.NEAR if self.is_near else network.FAR

    def options(self, server, certificates):
        chosen = {"-servers": self.host, "-ports": server.port, "-cafile": certificates.authority.file} | WAYS[self.way]
        if self.is_implicit and self.way != "-tlsmode implicit":
            chosen |= {"-tlsimport": 1, "-timeouts": "greeting 400"}
        if self.login != "none":
            chosen |= {"-username": USER, "-password": TOKEN if self.login == "XOAUTH2" else PASSWORD, "-mechanisms": self.login}
        return chosen

    @property
    def is_possible(self):
        """Whether the options make sense together, and with what the server is."""
        if self.answer and self.way not in ("usual", "-require 1"):
            return False
        if self.is_implicit:
            if self.kind in BROKEN and self.answer == "insecure" and self.login not in ("none", "PLAIN"):
                return False            # a connection in clear to such a server ends by a time limit
            return self.way in ("usual", "-tlsmode implicit", "-require 1", "-insecureauth 1")
        return self.way != "-tlsmode implicit"


@dataclasses.dataclass
class Outcome:
    """How the mail went: "tls", "clear" or None; who logged in, and whether in clear; whether -tlspolicy was asked."""
    mail: str | None
    login: bool = False
    asked: bool = False


def trouble(kind):
    """The row of the table."""
    if kind in ("not offered", "refused"):
        return kind
    return "handshake" if kind in BROKEN else "unverified" if KINDS[kind] is not None else None


def expected(cell):
    wants, what = cell.login != "none", trouble(cell.kind)
    is_challenge = cell.login == "CRAM-MD5"
    strict = cell.way in ("-tlsmode starttls", "-tlsmode implicit")
    free = cell.is_near or cell.way in ("-usetls 0", "-tlsmode none", "-insecureauth 1") or cell.answer == "insecure"
    if cell.way in ("-usetls 0", "-tlsmode none"):
        return Outcome("clear", wants)
    if what is None:
        return Outcome("tls", wants)
    # -require 1: nothing is left to judge about a certificate that is not verified.
    judged = bool(cell.answer) and not (what == "unverified" and cell.way == "-require 1")
    if strict or judged and cell.answer != "insecure":
        return Outcome(None, asked=judged)
    if what == "handshake" and (cell.is_implicit or cell.answer != "insecure" and cell.way != "-tlsmode optional"):
        return Outcome(None, asked=judged)
    if what == "unverified":
        withholds = wants and not free
        stops = cell.way == "-require 1" or withholds and cell.way != "-tlsmode optional"
        return Outcome(None if stops else "tls", wants and not withholds and not stops, judged)
    # In clear: a secret that anybody could read does not go out, and then no mail either, for it would lack the login.
    withholds = wants and not is_challenge and not free
    stops = withholds and cell.way != "-tlsmode optional"
    return Outcome(None if stops else "clear", wants and not withholds, judged)


def cells():
    kinds = ["not offered", "refused", *BROKEN, *KINDS]
    for kind, is_implicit, login, answer, way, is_near in itertools.product(
            kinds, (False, True), LOGINS, ANSWERS, WAYS, (False, True)):
        cell = Cell(kind, is_implicit, login, answer, way, is_near)
        if is_implicit and kind in ("not offered", "refused"):
            continue
        if cell.is_possible:
            yield cell


def server_of(kind, is_implicit, login, certificates):
    """The server of a cell; many share it."""
    tls = "implicit" if is_implicit else {"not offered": "none", "refused": "454 4.7.0 no TLS today"}.get(kind, "offered")
    return Server(certificates.context(kind), tls=tls, handshake=kind if kind in ("drop", "plaintext") else "done",
                  mechanisms=[] if login == "none" else [login], secrets={USER: TOKEN if login == "XOAUTH2" else PASSWORD})


def complaints(cell, wanted, answer, connections, certificates):
    """What is not as expected, in words."""
    what = trouble(cell.kind)
    mails = [mail for connection in connections for mail in connection.mails]
    got = None if not mails else "tls" if mails[0][1] else "clear"
    if got != wanted.mail or len(mails) > 1:
        yield "the mail went %s, not %s" % (got, wanted.mail)
    if (answer["code"] == "0") != (wanted.mail is not None) or (answer["status"] == "sent") != (wanted.mail is not None):
        yield "code %s, status %s" % (answer["code"], answer["status"])
    tried = [line for connection in connections for secret in (False, True) for line in connection.lines(secret)
             if line.upper().startswith(b"AUTH ")]
    if bool(tried) != wanted.login or wanted.login and (answer["ok"], answer["mechanism"]) != ("1", cell.login):
        yield "AUTH %s, told as %r %r" % ("tried" if tried else "not tried", answer["ok"], answer["mechanism"])
    if wanted.mail and not wanted.login and cell.login != "none":
        reason = "the server may be anybody" if what == "unverified" else "would tell the password to anybody"
        if answer["ok"] != "0" or reason not in answer["autherror"] or reason not in answer["transcript"]:
            yield "that there was no login is told as %r" % answer["autherror"]
    if wanted.mail == "tls" and any(b"MAIL" in connection.clear.upper() for connection in connections):
        yield "something went in clear"
    if bool(answer["asked"]) != wanted.asked:
        yield "the policy was asked %r" % answer["asked"]
    for call in answer["asked"]:
        code, text = {"not offered": ("502", "STARTTLS not offered"), "refused": ("454", "4.7.0 no TLS today")}.get(what, ("454", ""))
        if len(call) != 3 or call[0] != "given" or call[1] != code or text not in call[2] or not call[2]:
            yield "the policy was asked %r" % call
    if wanted.mail == "tls":
        yield from told(answer, what, certificates.of[cell.kind], KINDS[cell.kind])
    if wanted.mail is None and what == "unverified":
        yield from explained(answer["result"], certificates.of[cell.kind], KINDS[cell.kind])
    if wanted.asked and cell.answer in ("nonsense", "error"):
        word = "nonsense" if cell.answer == "nonsense" else "the policy broke"
        if word not in answer["reported"]:
            yield "the policy's answer is not reported: %r" % answer["reported"]


def told(answer, what, certificate, reason):
    """The report of a mail that went by TLS."""
    verification = "failed" if what else "verified"
    if answer["verification"] != verification or (reason or "") not in answer["reason"] or not answer["version"].startswith("1."):
        yield "told as %r because of %r" % (answer["verification"], answer["reason"])
    facts = ("CN=" + certificate.subject, "cert-sha256:" + certificate.digest, "spki-sha256:" + certificate.key_digest)
    if (answer["subject"], answer["certificate"], answer["key"]) != facts:
        yield "another certificate is told: %r %r %r" % (answer["subject"], answer["certificate"], answer["key"])


def explained(error, certificate, reason):
    """The error of a certificate that was not verified names all that is needed to judge it."""
    for part in (reason, certificate.subject, certificate.digest, "-fingerprint spki-sha256:" + certificate.key_digest):
        if part not in error:
            yield "the error lacks %r: %s" % (part, error)
