"""What a process pays for the packages: its start, and the size of the files."""
import os

from .common import MAILSH, PACKAGE, ROOT, ROUNDS, command, goal, in_turn, script


def start(folder):
    print("start: seconds of a whole process, %d runs each in turn" % (ROUNDS * 6))
    bare = script(folder, "bare.tcl", "")
    fails = script(folder, "fails.tcl", "catch {package require no-such-package}\n")
    both = script(folder, "both.tcl", "package require mime; package require smtp\n")
    seconds = in_turn({
        "tclsh": command("tclsh8.6", bare), "tclsh, a package that fails": command("tclsh8.6", fails, TCLLIBPATH=PACKAGE),
        "tclsh, mime and smtp of ours": command("tclsh8.6", both, TCLLIBPATH=PACKAGE), "mailsh": command(MAILSH, bare),
        "mailsh, mime and smtp": command(MAILSH, both)}, ROUNDS * 6)
    for name, value in seconds.items():
        print("  %-29s %5.1f ms" % (name, 1000 * value))
    more = 1000 * (seconds["tclsh, mime and smtp of ours"] - seconds["tclsh, a package that fails"])
    ratio = seconds.ratio("tclsh", "mailsh, mime and smtp")
    goal("the packages in tclsh: %.1f ms more than a require that fails (at most 5)" % more, more <= 5)
    goal("mailsh with both: %.2f x a bare tclsh (at most 2.5)" % ratio, ratio <= 2.5)


def size(_):
    print("size: stripped files")
    for name in ("tclmail/libtclmail.so", "tclmail/libtcl9tclmail.so", "bin/mailsh"):
        path = os.path.join(ROOT, "dist", name)
        if not os.path.exists(path):
            print("  missing: dist/%s (scripts/build --tcl9)" % name)
            continue
        megabytes = os.stat(path).st_size / (1 << 20)
        goal("%-26s %.2f MB (at most 10)" % (name, megabytes), megabytes <= 10)
