"""Tcllib's own test suites, with our mime, smtp and SASL in place of Tcllib's; scripts/test calls it.

usage: run.py [-v] [--reference] [SUITE...]

The suites are those of Debian's source package of Tcllib 1.21, unpacked in the cache by scripts/setup --tests, and run as they
are; smtpd has none there, smtpd.test is ours. Every test must run and pass but those of differences.txt, which must fail.
--reference runs Tcllib's suites on Tcllib itself.
"""
import argparse
import concurrent.futures
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
CACHE = os.environ.get("TCLMAIL_CACHE") or os.path.join(
    os.environ.get("XDG_CACHE_HOME") or os.path.join(os.environ.get("HOME", "/tmp"), ".cache"), "tclmail")
MODULES = os.path.join(CACHE, "tcllib-1.21-suites", "modules")
# The file of each suite, and how many tests it has.
SUITES = {"mime": (os.path.join(MODULES, "mime", "mime.test"), 101),
          "pop3d": (os.path.join(MODULES, "pop3d", "pop3d.test"), 82),
          "pop3d_dbox": (os.path.join(MODULES, "pop3d", "pop3d_dbox.test"), 46),
          "httpd": (os.path.join(MODULES, "httpd", "httpd.test"), 26),
          "sasl": (os.path.join(MODULES, "sasl", "sasl.test"), 16),
          "ntlm": (os.path.join(MODULES, "sasl", "ntlm.test"), 2),
          "scram": (os.path.join(MODULES, "sasl", "scram.test"), 2),
          "smtpd": (os.path.join(HERE, "smtpd.test"), 7)}
PACKAGE = os.path.join(ROOT, "dist", "tclmail")
# How to call each shell, and the packages it is to load.
SHELLS = {"tclsh8.6": ("tclsh8.6", PACKAGE), "mailsh": (os.path.join(ROOT, "dist", "bin", "mailsh"), "builtin")}
LIMIT = 300         # seconds for one suite in one shell


def differences():
    """The tests that are to fail: suite -> names."""
    found = {name: set() for name in SUITES}
    with open(os.path.join(HERE, "differences.txt"), encoding="utf-8") as file:
        for line in file:
            words = line.split(None, 2)
            if words and words[0] != "#":
                if len(words) != 3 or words[0] not in found:
                    raise SystemExit("differences.txt: SUITE NAME REASON: " + line.strip())
                found[words[0]].add(words[1])
    return found


def run(file, shell, packages):
    """What the suite printed, and its exit code; its files are in a folder of its own."""
    folder = tempfile.mkdtemp(prefix="tcllib")
    command = [shell, os.path.join(HERE, "suite.tcl"), MODULES, file, *packages]
    environment = {k: v for k, v in os.environ.items() if k in ("PATH", "USER", "LOGNAME", "LD_PRELOAD", "ASAN_OPTIONS")}
    environment |= {"HOME": folder, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    try:
        ended = subprocess.run(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, timeout=LIMIT)
        text, code = ended.stdout, ended.returncode
    except subprocess.TimeoutExpired as late:
        text, code = late.stdout or b"", "no end in %d s" % LIMIT
    shutil.rmtree(folder, ignore_errors=True)
    return text.decode("utf-8", "replace"), code


def outcomes(text):
    """The tests that ran, as (name, PASSED or FAILED or SKIPPED), each once for each time it ran."""
    lines = re.findall(r"^(?:\+\+\+\+|====) (\S+) .*?(PASSED|SKIPPED)|^==== (\S+) (FAILED)$", text, re.M)
    return [(a or c, b or d) for a, b, c, d in lines]


def judge(suite, text, code, expected, ours):
    """The number of tests that did as expected, and the complaints."""
    ran, right, complaints = outcomes(text), 0, []
    if code != 0:
        complaints.append("ended with %s" % code)
    if len(ran) != SUITES[suite][1]:
        complaints.append("%d tests ran, %d are known" % (len(ran), SUITES[suite][1]))
    package = "SASL" if os.path.join("sasl", "") in SUITES[suite][0] else "mime"
    if "loaded %s %d" % (package, ours) not in text:
        complaints.append("the wrong %s was loaded, or none" % package)
    for name, outcome in ran:
        if outcome == ("FAILED" if name in expected else "PASSED"):
            right += 1
        else:
            complaints.append("%s %s%s" % (name, outcome, " but stands in differences.txt" if name in expected else ""))
    complaints += ["%s of differences.txt did not run" % name for name in sorted(expected - {name for name, _ in ran})]
    return right, complaints


def main():
    parser = argparse.ArgumentParser(prog="Tests/tcllib/run.py", description=__doc__.split("\n")[0])
    parser.add_argument("suites", nargs="*", metavar="SUITE", choices=[[], *SUITES])
    parser.add_argument("-v", "--verbose", action="store_true", help="what the suites print")
    parser.add_argument("--reference", action="store_true", help="on Tcllib itself: every test of its own passes")
    options = parser.parse_args()
    if not os.path.isdir(MODULES):
        raise SystemExit("Tests/tcllib: %s is missing; run scripts/setup --tests" % MODULES)
    shells = {"tclsh8.6": ("tclsh8.6", None)} if options.reference else SHELLS
    listed = {name: set() for name in SUITES} if options.reference else differences()
    passed = failed = 0
    for suite in options.suites or [name for name in SUITES if not options.reference or SUITES[name][0].startswith(MODULES)]:
        # httpd looks for a free port, then listens: two at once may find the same one.
        with concurrent.futures.ThreadPoolExecutor(1 if suite == "httpd" else len(shells)) as pool:
            ended = list(pool.map(lambda x: run(SUITES[suite][0], x[0], [x[1]] if x[1] else []), shells.values()))
        for (name, (_, package)), (text, code) in zip(shells.items(), ended):
            right, complaints = judge(suite, text, code, listed[suite], package is not None)
            passed, failed = passed + right, failed + len(complaints)
            print("%s in %s: %d as expected, %d not" % (suite, name, right, len(complaints)))
            if options.verbose or complaints:
                print(text)
            for complaint in complaints:
                print("FAILED: %s in %s: %s" % (suite, name, complaint))
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
