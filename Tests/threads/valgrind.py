"""Runs senders.tcl in a stock tclsh under valgrind: valgrind.py; no block that ours allocated may be lost for good.

What Tcl, OpenSSL or libc loses by itself is not counted: a loss is ours when a function of our library stands in its stack.
"""
import os
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
# What scripts/build has linked; valgrind 3.19 cannot read its debug information, but needs its names.
LIBRARY = os.path.join(ROOT, ".build-static", "release", "libtclmail.so")
# Each thread's interpreters; valgrind makes all of it some fifty times as slow.
COUNT = 3


def main():
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(os.path.join(ROOT, "scripts", "dist", "pkgIndex.tcl"), folder)
        subprocess.run(["strip", "--strip-debug", "-o", os.path.join(folder, "libtclmail.so"), LIBRARY], check=True)
        report = os.path.join(folder, "report.xml")
        words = ["valgrind", "--leak-check=full", "--show-leak-kinds=definite", "--num-callers=40", "--fair-sched=yes", "--xml=yes",
                 "--xml-file=" + report, "tclsh8.6", os.path.join(HERE, "senders.tcl"), str(COUNT)]
        ended = subprocess.run(words, env=dict(os.environ, TCLLIBPATH=folder, SWIFT_BACKTRACE="enable=no"),
                               capture_output=True, text=True, timeout=1800)
        errors = xml.etree.ElementTree.parse(report).getroot().findall("error")
    print(ended.stdout.strip(), ended.stderr[-500:])
    ours = [error for error in errors if any("tclmail" in obj.text for obj in error.iter("obj"))]
    for error in ours:
        print("%s: %s" % (error.findtext("kind"), error.findtext("what") or error.findtext("xwhat/text")))
        for frame in error.find("stack"):
            print("    %s %s" % (frame.findtext("fn") or "?", os.path.basename(frame.findtext("obj") or "")))
    failed = len(ours) + (ended.returncode != 0)
    print("%d errors of valgrind, %d of them ours" % (len(errors), len(ours)))
    print("%d passed, %d failed" % (failed == 0, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
