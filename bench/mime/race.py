"""Runs in turn, and what is compared with what."""
import statistics

from .drivers import Failed

#: A subject that takes so many seconds is not run in every round.
SLOW = 2.5


class Result:
    """The median of a subject's runs."""

    def __init__(self, runs):
        self.last = runs[-1]
        self.secs = statistics.median(run["secs"] for run in runs)
        self.work = self.last["work"]
        self.rate = self.work / self.secs if self.secs else 0
        #: MB of memory at the worst.
        self.peak = max(run.get("peak", 0) for run in runs) / 1024


class Bench:
    """What a row needs: the drivers, the corpus, a folder to write to, and how much to do."""

    def __init__(self, drivers, corpus, folder, quick):
        self.drivers = drivers
        self.corpus = corpus
        self.folder = folder
        self.quick = quick
        self.verdicts = []

    def path(self, name):
        return "%s/%s" % (self.corpus, name)

    def race(self, subjects, rounds=None, **variables):
        """Runs subjects in turn: {label: (driver, task word, ...)}; a dict as last word gives more variables.

        Gives {label: Result} without the drivers that are missing or fail; a failure of tclmail's is a goal missed.
        """
        rounds = rounds or (2 if self.quick else 3)
        runs = {label: [] for label, words in subjects.items() if self.drivers[words[0]]}
        failed = set()
        for number in range(rounds):
            for label in runs:
                slow = number and runs[label] and runs[label][0]["secs"] > SLOW
                if label not in failed and not (slow and (self.quick or number > 1)):
                    self.run_one(subjects[label], label, runs[label], failed, variables)
        return {label: Result(done) for label, done in runs.items() if done and label not in failed}

    def run_one(self, words, label, runs, failed, variables):
        more = words[-1] if isinstance(words[-1], dict) else {}
        task = [word for word in words[1:] if not isinstance(word, dict)]
        try:
            runs.append(self.drivers[words[0]].run(*task, **{**variables, **more}))
        except Failed as error:
            failed.add(label)
            print("  %s: failed: %s" % (label, error))
            if words[0] in ("tclmail", "engine"):
                self.verdicts.append(("-", "must", label, "runs", "fails", False))


class Row:
    """A row of the table: prints its figures, and notes the goals."""

    def __init__(self, bench, number, title):
        self.bench = bench
        self.number = number
        print("%s  %s" % (number, title), flush=True)

    def judge(self, what, goal, measured, must=None, aim=None):
        """Notes whether a must or an aim is reached: true or false, None if there is no such goal."""
        for kind, reached in (("must", must), ("aim", aim)):
            if reached is not None:
                self.bench.verdicts.append((self.number, kind, what, goal, measured, reached))
                word = "reached" if reached else "MISSED" if kind == "must" else "not yet"
                print("      %-4s %-40s %-30s %12s  %s" % (kind, what, goal, measured, word), flush=True)

    def show(self, results, unit="MB/s", scale=1e6, note=""):
        for label, result in results.items():
            print("    %-28s %10.4g %s  %s" % (label, result.rate / scale, unit, note), flush=True)

    def faster(self, results, ours, peer, must=None, aim=None, what=None):
        """The ratio of our rate to a peer's, and whether it is enough."""
        if ours not in results or peer not in results:
            return
        ratio = results[ours].rate / results[peer].rate
        for kind, wanted in (("must", must), ("aim", aim)):
            if wanted is not None:
                self.judge(what or ours, ">= %g x %s" % (wanted, peer), "%.4g x" % ratio, **{kind: ratio >= wanted})

    def most(self, what, value, most, unit, kind="must"):
        """A value that must not be above a bound."""
        self.judge(what, "<= %g %s" % (most, unit), "%.3g" % value, **{kind: value <= most})

    def least(self, what, value, least, unit, kind="must"):
        self.judge(what, ">= %g %s" % (least, unit), "%.3g" % value, **{kind: value >= least})
