#!/usr/bin/env python3
"""Checks the mails of Tests/corpus in mailsh and in stock tclsh 8.6 and 9.0, two shells at a time.

usage: run.py [-v] [--shell NAME] [MAIL...]

  -v             also what each shell took
  --shell NAME   only this one: mailsh, tclsh8.6, tclsh9.0
  MAIL           only these files; else all

The last line is `N passed, N failed`. What is checked: README.md, run.tcl.
"""

import argparse
import concurrent.futures
import os
import pathlib
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
CACHE = pathlib.Path(os.environ.get("TCLMAIL_CACHE", pathlib.Path.home() / ".cache/tclmail"))
# Each shell cuts the mails at each octet or, where the same library is in use, at every so manyth one.
SHELLS = {
    "mailsh": ([ROOT / "dist/bin/mailsh"], 1),
    "tclsh8.6": (["tclsh8.6"], 7),
    "tclsh9.0": ([CACHE / "bin/tclsh9.0"], 7),
}


def run(name, mails):
    command, every = SHELLS[name]
    environment = dict(os.environ, TCLLIBPATH=f"{{{ROOT / 'dist/tclmail'}}}")
    start = time.monotonic()
    process = subprocess.run(
        [*command, HERE / "run.tcl", "-every", str(every), *mails],
        env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )
    return name, process, time.monotonic() - start


def numbers(process):
    """Passed and failed of a shell; one that did not come to its end has failed."""
    words = process.stdout.decode(errors="replace").rstrip().rpartition("\n")[2].split()
    if process.returncode == 0 and len(words) == 4 and words[1] == "passed,":
        return int(words[0]), int(words[2])
    return 0, 1


def main():
    parser = argparse.ArgumentParser(usage=__doc__, add_help=False)
    parser.add_argument("-v", action="store_true")
    parser.add_argument("--shell", choices=SHELLS)
    parser.add_argument("mails", nargs="*")
    options = parser.parse_args()
    mails = options.mails or sorted(map(str, HERE.glob("*/*.eml")))
    passed = failed = 0
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        shells = [options.shell] if options.shell else list(SHELLS)
        for name, process, seconds in pool.map(lambda name: run(name, mails), shells):
            right, wrong = numbers(process)
            passed, failed = passed + right, failed + wrong
            if options.v or wrong:
                print(f"{name}: {right} passed, {wrong} failed, {seconds:.1f} s")
            if wrong:
                print(process.stdout.decode(errors="replace").rstrip())
    print(f"{passed} passed, {failed} failed")
    return failed != 0 or passed == 0


if __name__ == "__main__":
    sys.exit(main())
