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


class Times(dict):
    """By name the median of the seconds that a subject takes for a piece of work."""

    def __init__(self, rounds):
        super().__init__({name: statistics.median(values) for name, values in rounds.items()})
        self.rounds = rounds

    def ratio(self, ours, peer):
        """How often ours is as fast: the median over rounds, since a machine may be faster in one round than in the next."""
        return statistics.median(b / a for a, b in zip(self.rounds[ours], self.rounds[peer]))

    def show_rates(self, ours):
        for name, seconds in self.items():
            print("  %-18s %7.0f a second   tclmail has %6.2f x" % (name, 1 / seconds, self.ratio(ours, name)))


def in_turn(subjects, rounds, pieces=None):
    """Runs all subjects one after the other, `rounds` times; `pieces`: of how many pieces of work a run consists, by name."""
    seconds = {name: [] for name in subjects}
    for _ in range(rounds):
        for name, run in subjects.items():
            seconds[name].append(timed(run) / (pieces[name] if pieces else 1))
    return Times(seconds)
