#!/usr/bin/env python3
"""Compares what we and Python's email make of generated mails, with two of Python's policies.

usage: run.py [-v] [--seed SEED] [--count N] [--only NUMBER]

  -v             how often each class of known disagreement came
  --seed SEED    of the mails, any word; else 1
  --count N      how many mails; else 1000
  --only NUMBER  prints that mail, and every disagreement on it

A disagreement that belongs to no class of classes.py is a failure. The last line is `N passed, N failed`; mails are counted.
"""

import argparse
import collections
import pathlib
import subprocess
import sys
import tempfile

import classes
import compare
import generate
import views

HERE = pathlib.Path(__file__).resolve().parent
MAILSH = HERE.parent.parent / "dist/bin/mailsh"
POLICIES = (views.Compat32(), views.Default())


def read_ours(mails):
    with tempfile.NamedTemporaryFile() as file:
        for mail in mails:
            file.write(b"%d\n" % len(mail) + mail)
        file.flush()
        process = subprocess.run([MAILSH, HERE / "ours.tcl", file.name], stdout=subprocess.PIPE, check=True)
    return views.ours(process.stdout.decode())


def disagreements(mail, mine):
    for policy in POLICIES:
        theirs = policy.read(mail)
        if theirs is not None:
            yield from compare.compare(policy.name, mail, mine, theirs)


def show(seed, number):
    mail = generate.mail(seed, number)
    sys.stdout.write(mail.decode("latin-1"))
    print("-----")
    for found in disagreements(mail, read_ours([mail])[0]):
        print(f"{classes.explanation(found) or 'UNEXPLAINED'}: {found}")


def main():
    parser = argparse.ArgumentParser(usage=__doc__, add_help=False)
    parser.add_argument("-v", action="store_true")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--only", type=int)
    options = parser.parse_args()
    if options.only is not None:
        return show(options.seed, options.only)
    mails = [generate.mail(options.seed, number) for number in range(options.count)]
    mine = read_ours(mails)
    if len(mine) != len(mails):
        print(f"ours.tcl read {len(mine)} of {len(mails)} mails")
        print("0 passed, 1 failed")
        return 1
    counts, failed = collections.Counter(), set()
    for number, (mail, root) in enumerate(zip(mails, mine)):
        for found in disagreements(mail, root):
            name = classes.explanation(found)
            counts[name] += 1
            if name is None:
                failed.add(number)
                print(f"--seed {options.seed} --only {number}: {str(found)[:1000]}")
    if options.v:
        for name, count in sorted(counts.items(), key=str):
            print(f"{name}: {count}")
    print(f"{len(mails) - len(failed)} passed, {len(failed)} failed")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
