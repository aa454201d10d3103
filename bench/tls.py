"""Sending by STARTTLS, a connection each: the row P16 of docs/benchmarks.md, to aiosmtpd on 127.0.0.1."""
import glob
import os
import smtplib
import socket
import ssl
import subprocess
import sys
import time

from .common import CACHE, MAILSH, PACKAGE, ROOT, TCLLIB, command, goal, in_turn, script
from .sending import SEND

sys.path.insert(0, os.path.join(ROOT, "Tests", "servers"))
from certificates import Certificate  # noqa: E402

PYTHON = os.path.join(CACHE, "venv", "bin", "python")
# Of an unpacked tcl-tls the folder that has its pkgIndex.tcl, or None.
TCL_TLS = next(iter(glob.glob(os.path.join(CACHE, "tcl-tls/usr/lib/tcltk/*/tcltls*"))), None)
COUNTS = {"tclmail in mailsh": 100, "tclmail in tclsh": 100, "tclmail, resumed": 100, "Tcllib": 10, "smtplib": 100}


def start_server(certificate, *kind):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen([PYTHON, os.path.join(ROOT, "bench", "tls_server.py"), str(port), certificate.file, certificate.key,
                               *kind], stderr=subprocess.DEVNULL)
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return server, port
        except OSError:
            time.sleep(0.05)
    raise SystemExit("aiosmtpd does not start")


def python_sends(port, count, authority):
    """One context for all, which is the most that smtplib's users can save."""
    context = ssl.create_default_context(cafile=authority.file)
    text = "From: a@example.com\r\nTo: b@example.org\r\nSubject: hello\r\n\r\n" + "A line of plain text, not too long.\r\n" * 28
    for _ in range(count):
        with smtplib.SMTP("127.0.0.1", port, local_hostname="localhost") as server:
            server.starttls(context=context)
            server.sendmail("a@example.com", ["b@example.org"], text)


def subjects_of(folder, port, resuming, authority):
    """What sends, by name; a peer that is not there is left out."""
    ours = SEND.replace("-recipients", "-cafile {%s} -tlsmode starttls -recipients" % authority.file)
    name = script(folder, "tls.tcl", ours)
    old = "set auto_path [list {%s} {%s} $tcl_library]\npackage require tls\n" % (TCLLIB, TCL_TLS)
    theirs = script(folder, "tls-tcllib.tcl", old + SEND.replace("-recipients", "-usetls 1 -recipients"))

    def run(peer, words, to=port, **more):
        return command(*words, str(to), str(COUNTS[peer]), **more)

    subjects = {"tclmail in mailsh": run("tclmail in mailsh", [MAILSH, name]),
                "tclmail in tclsh": run("tclmail in tclsh", ["tclsh8.6", name], TCLLIBPATH=PACKAGE),
                "tclmail, resumed": run("tclmail, resumed", [MAILSH, name], to=resuming)}
    if os.path.isdir(TCLLIB) and TCL_TLS:
        subjects["Tcllib"] = run("Tcllib", ["tclsh8.6", theirs])
    else:
        print("  missing: Tcllib with tcl-tls (scripts/setup --tests)")
    subjects["smtplib"] = lambda: python_sends(port, COUNTS["smtplib"], authority)
    return subjects


def measure(folder, quick):
    print("tls: STARTTLS to aiosmtpd, a connection each")
    if not os.path.exists(PYTHON):
        print("  missing: aiosmtpd (scripts/setup --tests)")
        return
    authority = Certificate(folder, "Bench CA", usage="ca")
    certificate = Certificate(folder, "localhost", names="DNS:localhost, IP:127.0.0.1", issuer=authority)
    servers = [start_server(certificate, *kind) for kind in (["forgetful"], [])]
    try:
        seconds = in_turn(subjects_of(folder, servers[0][1], servers[1][1], authority), 5 if quick else 25, COUNTS)
    finally:
        for server, _ in servers:
            server.terminate()
            server.wait()
    ours = "tclmail in mailsh"
    seconds.show_rates(ours)
    if "Tcllib" in seconds:
        goal("P16: 10 x Tcllib", seconds.ratio(ours, "Tcllib") >= 10)
    goal("P16: smtplib's rate", seconds.ratio(ours, "smtplib") >= 1)
