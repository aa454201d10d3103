"""Sending: the rows P13, P14, P15 and P19 of docs/benchmarks.md, and a thousand sends at once, to smtp-sink on 127.0.0.1."""
import math
import os
import statistics

from . import sending
from .common import MAILSH, TCLLIB, command, goal, in_turn, script, timed

ROWS = ("P13", "P14", "P15", "P19", "C1000")
HEAD = """package require mime; package require smtp
lassign $argv port n file
set usual [list -servers 127.0.0.1 -ports $port -originator a@example.com]
proc memory {what} { set c [open /proc/self/status]; regexp "$what:\\\\s+(\\\\d+)" [read $c] -> kb; close $c; return $kb }
proc finish {start} { puts [expr {([clock microseconds] - $start) / 1e6}] }
set t [mime::initialize -canonical text/plain -string [string repeat "A line of plain text, not too long.\\n" 28]]
mime::setheader $t Subject hello
"""
MANY = HEAD + """for {set i 0} {$i < $n} {incr i} { lappend to r$i@example.org }
set to [join $to ,]
set start [clock microseconds]
smtp::sendmessage $t {*}$usual -recipients $to -resultvariable report
finish $start
puts stderr [dict get $report roundtrips]
"""
LARGE = HEAD + """set t [mime::initialize -canonical application/octet-stream -encoding base64 -file $file]
set idle [memory VmRSS]
set start [clock microseconds]
smtp::sendmessage $t {*}$usual -recipients b@example.org
finish $start
puts stderr [expr {[memory VmHWM] - $idle}]
"""
KEPT = HEAD + """set start [clock microseconds]
for {set i 0} {$i < $n} {incr i} { smtp::sendmessage $t {*}$usual -recipients b@example.org -keepalive 1 }
finish $start
"""
AT_ONCE = HEAD + """lassign $argv port n width keep
proc next args {
    if {[incr ::begun] <= $::n} {
        smtp::sendmessage $::t {*}$::usual -recipients b@example.org -keepalive $::keep -command ended
    }
}
proc ended {token} {
    if {[smtp::status $token] ne "sent"} { puts stderr [smtp::report $token]; exit 1 }
    if {[incr ::done] == $::n} { set ::all 1 } else next
}
set begun 0; set done 0
set start [clock microseconds]
for {set i 0} {$i < $width} {incr i} next
vwait all
finish $start
"""


def source(port, *words):
    return command(sending.SOURCE, *words, "127.0.0.1:%d" % port)


def p13(folder, port, rounds):
    """1,000 mails of 1 kB, a connection each."""
    seconds = in_turn(sending.subjects_of(folder, port), rounds, sending.COUNTS)
    ours = "tclmail in mailsh"
    seconds.show_rates(ours)
    if "Tcllib" in seconds:
        goal("P13: 40 x Tcllib", seconds.ratio(ours, "Tcllib") >= 40)
    goal("P13: smtplib's rate", seconds.ratio(ours, "smtplib") >= 1)


def p14(folder, port, rounds):
    """10,000 recipients."""
    count = 10_000
    name = script(folder, "many.tcl", MANY)
    trips = []

    def ours():
        done = sending.subprocess.run([MAILSH, name, str(port), str(count)], check=True, capture_output=True)
        trips.append(int(done.stderr))
        return done.stdout

    seconds = in_turn({"tclmail": ours, "smtp-source": source(port, "-s", "1", "-m", "1", "-r", str(count))}, rounds)
    octets = sum(len("RCPT TO:<r%d@example.org>\r\n" % n) for n in range(count))
    allowed = 4 + math.ceil(octets / 32768)
    print("  10,000 recipients: %.3f s, smtp-source %.3f s (%.2f x), %d round trips (%d allowed)" % (
        seconds["tclmail"], seconds["smtp-source"], seconds.ratio("tclmail", "smtp-source"), max(trips), allowed))
    goal("P14: smtp-source's time", seconds.ratio("tclmail", "smtp-source") >= 1)
    goal("P14: 4 + n/window round trips", max(trips) <= allowed)


def p15(folder, port, rounds):
    """An attachment of 100 MB."""
    size = 100_000_000
    file = os.path.join(folder, "large")
    with open(file, "wb") as out:
        for _ in range(size // 1_000_000):
            out.write(os.urandom(1_000_000))
    name = script(folder, "large.tcl", LARGE)
    old = script(folder, "large-tcllib.tcl", "set auto_path [list {%s} $tcl_library]\n%s" % (TCLLIB, LARGE))
    grown = []

    def ours():
        done = sending.subprocess.run([MAILSH, name, str(port), "1", file], check=True, capture_output=True)
        grown.append(int(done.stderr))
        return done.stdout

    seconds = in_turn({"tclmail": ours, "smtp-source": source(port, "-s", "1", "-m", "1", "-l", str(size * 4 // 3))},
                      rounds)
    tcllib = timed(command("tclsh8.6", old, str(port), "1", file)) / seconds["tclmail"]
    print("  100 MB: %.0f MB/s; Tcllib %.2f x; smtp-source %.2f x; memory idle + %.1f MB" % (
        size / 1e6 / seconds["tclmail"], tcllib, seconds.ratio("tclmail", "smtp-source"), statistics.median(grown) / 1024))
    goal("P15: 5 x Tcllib", tcllib >= 5)
    goal("P15: idle + 10 MB", statistics.median(grown) <= 10 * 1024)
    os.remove(file)


def p19(folder, port, rounds):
    """A kept connection; ten at once."""
    count = 1000
    kept, ten = script(folder, "kept.tcl", KEPT), script(folder, "ten.tcl", AT_ONCE)
    seconds = in_turn({
        "kept": command(MAILSH, kept, str(port), str(count)),
        "source kept": source(port, "-d", "-s", "1", "-m", str(count), "-l", "1024"),
        "ten": command(MAILSH, ten, str(port), str(count), "10", "0"),
        "ten kept": command(MAILSH, ten, str(port), str(count), "10", "1"),
        "source ten": source(port, "-s", "10", "-m", str(count), "-l", "1024")}, rounds)
    for name in seconds:
        print("  %-12s %7.0f a second" % (name, count / seconds[name]))
    kept, ten, ten_kept = (seconds.ratio(*names) for names in (
        ("kept", "source kept"), ("ten", "source ten"), ("ten kept", "source ten")))
    print("  kept %.2f x smtp-source -d, ten at once %.2f x smtp-source -s 10, ten kept %.2f x" % (kept, ten, ten_kept))
    goal("P19: smtp-source on one connection", kept >= 1)
    goal("P19: smtp-source -s 10", max(ten, ten_kept) >= 1)


def c1000(folder, port, rounds):
    """1,000 sends open at once in one interpreter."""
    name = script(folder, "thousand.tcl", AT_ONCE)
    seconds = in_turn({"tclmail": command(MAILSH, name, str(port), "1000", "1000", "0")}, rounds)
    print("  1,000 sends open at once: all sent in %.2f s" % seconds["tclmail"])


def measure(folder, rows, quick):
    print("smtp: to smtp-sink")
    if not os.path.exists(sending.SINK) or not os.path.exists(sending.SOURCE):
        print("  missing: smtp-sink, smtp-source (scripts/setup --tests)")
        return
    sink, port = sending.start_sink()
    try:
        for row, run in (("P13", p13), ("P14", p14), ("P15", p15), ("P19", p19), ("C1000", c1000)):
            if not rows or row in rows:
                run(folder, port, 3 if quick else 7)
    finally:
        sink.terminate()
        sink.wait()
