"""What all measurements share: where things are, running in turn, and goals."""
import os
import statistics
import subprocess
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CACHE = os.environ.get("TCLMAIL_CACHE") or os.path.join(
    os.environ.get("XDG_CACHE_HOME") or os.path.join(os.environ.get("HOME", "/tmp"), ".cache"), "tclmail")
MAILSH = os.path.join(ROOT, "dist", "bin", "mailsh")
PACKAGE = os.path.join(ROOT, "dist", "tclmail")
TCLLIB = os.path.join(CACHE, "tcllib-2.0/usr/share/tcltk/tcllib2.0")
ROUNDS = int(os.environ.get("ROUNDS", "5"))
missed = []


def goal(text, reached):
    print("  %s: %s" % (text, "reached" if reached else "MISSED"))
    if not reached:
        missed.append(text)


def script(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, "w") as file:
        file.write(text)
    return path


def environment(**more):
    return {k: v for k, v in os.environ.items() if k not in ("TCLLIBPATH", "TCLMAIL_CAPTURE")} | more


def timed(run):
    """Seconds of a run: what it says itself (a script, without its start), or what it took."""
    start = time.perf_counter()
    said = run()
    return float(said) if said else time.perf_counter() - start


def command(*words, **more):
    return lambda: subprocess.run(words, check=True, env=environment(**more), stdout=subprocess.PIPE,
                                  stdin=subprocess.DEVNULL).stdout


def in_turn(subjects, rounds):
    """Runs all subjects one after the other, `rounds` times: the median of seconds of each."""
    seconds = {name: [] for name in subjects}
    for _ in range(rounds):
        for name, run in subjects.items():
            seconds[name].append(timed(run))
    return {name: statistics.median(values) for name, values in seconds.items()}
