"""Sending to smtp-sink on 127.0.0.1."""
import os
import smtplib
import socket
import subprocess
import time

from .common import CACHE, MAILSH, PACKAGE, ROUNDS, TCLLIB, command, goal, in_turn, script

SINK, SOURCE = (os.path.join(CACHE, "bin", name) for name in ("smtp-sink", "smtp-source"))
COUNTS = {"tclmail in mailsh": 1000, "tclmail in tclsh": 1000, "Tcllib": 40, "smtplib": 500, "smtp-source": 1000}
SEND = """package require mime; package require smtp
lassign $argv port n
set t [mime::initialize -canonical text/plain -string [string repeat "A line of plain text, not too long.\\n" 28]]
mime::setheader $t Subject hello
set start [clock microseconds]
for {set i 0} {$i < $n} {incr i} {
    smtp::sendmessage $t -servers 127.0.0.1 -ports $port -originator a@example.com -recipients b@example.org
}
puts [expr {([clock microseconds] - $start) / 1e6}]
"""


def python_sends(port, count):
    text = "From: a@example.com\r\nTo: b@example.org\r\nSubject: hello\r\n\r\n" + "A line of plain text, not too long.\r\n" * 28
    for _ in range(count):
        with smtplib.SMTP("127.0.0.1", port, local_hostname="localhost") as server:
            server.sendmail("a@example.com", ["b@example.org"], text)


def start_sink():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    user = ["-u", "nobody"] if os.getuid() == 0 else []
    sink = subprocess.Popen([SINK, *user, "-m", "2000", "127.0.0.1:%d" % port, "1024"], stderr=subprocess.DEVNULL)
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return sink, port
        except OSError:
            time.sleep(0.05)
    raise SystemExit("smtp-sink does not start")


def subjects_of(folder, port):
    """What sends, by name; a peer that is not there is left out."""
    name = script(folder, "send.tcl", SEND)
    old = script(folder, "tcllib.tcl", "set auto_path [list {%s} $tcl_library]\n%s" % (TCLLIB, SEND))
    subjects = {}
    for start_name, start, more in (("tclmail in mailsh", (MAILSH, name), {}),
                                    ("tclmail in tclsh", ("tclsh8.6", name), {"TCLLIBPATH": PACKAGE}),
                                    ("Tcllib", ("tclsh8.6", old), {})):
        subjects[start_name] = command(*start, str(port), str(COUNTS[start_name]), **more)
    subjects["smtplib"] = lambda: python_sends(port, COUNTS["smtplib"])
    if os.path.exists(SOURCE):
        subjects["smtp-source"] = command(SOURCE, "-s", "1", "-m", str(COUNTS["smtp-source"]), "-l", "1024",
                                          "127.0.0.1:%d" % port)
    if not os.path.isdir(TCLLIB):
        del subjects["Tcllib"]
    for peer in COUNTS:
        if peer not in subjects:
            print("  missing: %s (scripts/setup --tests)" % peer)
    return subjects
