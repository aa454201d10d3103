"""Shell tests: mailsh against tclsh, the terminal, and capture; scripts/test calls it.

usage: run.py [-v] [NAME...]

same/NAME.sh is run by sh twice, with $tcl as tclsh8.6 and as mailsh, each in an empty folder of its own: standard
output, standard error and exit code must agree. test_*.py hold what has no twin in tclsh; each is a unittest.
"""
import concurrent.futures
import glob
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
MAILSH = os.path.join(ROOT, "dist", "bin", "mailsh")
PACKAGE = os.path.join(ROOT, "dist", "tclmail")
LIMIT = 60
ENDLESS = "no end in time"


def default_signals():
    """Takes signals as a terminal's programs do, whatever started this one ignores (nohup): what it starts inherits that."""
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM):
        if signal.getsignal(number) == signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)


def environment(folder, **more):
    """A plain environment; HOME is the folder, so nobody's start-up file is read."""
    kept = {k: v for k, v in os.environ.items() if k in ("PATH", "LD_PRELOAD", "ASAN_OPTIONS")}
    return kept | {"HOME": folder, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TERM": "dumb"} | more


def answer(path, tcl, **more):
    """Runs a case with one shell: standard output, standard error, exit code."""
    folder = tempfile.mkdtemp(prefix="shell")
    process = subprocess.Popen(["sh", path], cwd=folder, env=environment(folder, tcl=tcl, **more),
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               start_new_session=True)
    try:
        octets, code = process.communicate(timeout=LIMIT), process.returncode
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        octets, code = process.communicate(), ENDLESS
    texts = [text.decode("utf-8", "replace") for text in octets]
    shutil.rmtree(folder, ignore_errors=True)
    shell = re.escape(tcl) + r"|\b(tclsh8\.6|tclsh|mailsh)\b"
    texts = [re.sub(shell, "SHELL", text.replace(folder, "DIR")) for text in texts]
    return {"stdout": texts[0], "stderr": re.sub(r"\b(sh|.*\.sh): (line )?\d+: \d* *", "", texts[1]), "exit code": code}


def compare(path):
    """The complaints about one case: also of one that ends in neither shell."""
    theirs = answer(path, shutil.which("tclsh8.6") or "tclsh8.6", TCLLIBPATH=PACKAGE)
    ours = answer(path, MAILSH)
    return ["%s\n    tclsh:  %r\n    mailsh: %r" % (what, theirs[what], ours[what])
            for what in theirs if theirs[what] != ours[what] or theirs[what] == ENDLESS]


def same_cases(names, verbose):
    """Runs same/*.sh; the numbers that passed and failed."""
    paths = [p for p in sorted(glob.glob(os.path.join(HERE, "same", "*.sh")))
             if not names or os.path.basename(p)[:-3] in names]
    passed = failed = 0
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for path, complaints in zip(paths, pool.map(compare, paths)):
            passed, failed = passed + (not complaints), failed + bool(complaints)
            if complaints or verbose:
                print("%s: same/%s" % ("FAILED" if complaints else "ok", os.path.basename(path)))
            for complaint in complaints:
                print("  " + complaint)
    return passed, failed


def unit_tests(names, verbose):
    """Runs test_*.py."""
    suite = unittest.defaultTestLoader.discover(HERE, "test_*.py")
    if names:
        suite = unittest.TestSuite(t for t in flat(suite) if t.id().split(".")[-1] in names or t.id().split(".")[0] in names)
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=2 if verbose else 0).run(suite)
    failed = len(result.failures) + len(result.errors) + len(result.unexpectedSuccesses)
    return result.testsRun - failed - len(result.skipped), failed


def flat(suite):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from flat(test)
        else:
            yield test


def main():
    default_signals()
    names = [x for x in sys.argv[1:] if not x.startswith("-")]
    verbose = "-v" in sys.argv
    if not os.access(MAILSH, os.X_OK):
        raise SystemExit("no dist/bin/mailsh; run scripts/build")
    sys.path.insert(0, HERE)
    first, second = same_cases(names, verbose), unit_tests(names, verbose)
    print("%d passed, %d failed" % (first[0] + second[0], first[1] + second[1]))
    return 1 if first[1] or second[1] or not (first[0] or second[0]) else 0


if __name__ == "__main__":
    sys.exit(main())
