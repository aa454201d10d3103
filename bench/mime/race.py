"""Runs in turn, and what is compared with what."""
import statistics

from .drivers import Failed

#: A subject that takes so many seconds runs twice at most; once, if it is to be quick.
SLOW = 1


class Result:
    """The median of a subject's runs."""

    def __init__(self, runs):
        self.last = runs[-1]
        self.secs = statistics.median(run["secs"] for run in runs)
        self.rounds = [run["secs"] for run in runs]
        self.work = self.last["work"]
        self.rate = self.work / self.secs if self.secs else 0
        #: MB of memory at the worst.
        self.peak = max(run.get("peak", 0) for run in runs) / 1024

    def times(self, other):
        """How many times the time of `other`: the median of the rounds, for the machine is faster in one than in the next."""
        return statistics.median(ours / theirs for ours, theirs in zip(self.rounds, other.rounds))


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
        variables = ({"LEAST": ".08"} if self.quick else {}) | variables
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
                self.verdicts.append(("must", "%s fails" % label, False))


class Row:
    """A row of the table: prints its figures, and notes the goals."""

    def __init__(self, bench, number, title):
        self.bench = bench
        self.number = number
        print("%s  %s" % (number, title), flush=True)

    def show(self, results, unit="MB/s", scale=1e6):
        for label, result in results.items():
            print("    %-36s %10.4g %s" % (label, result.rate / scale, unit), flush=True)

    def judge(self, what, measured, **goals):
        """Notes what was measured, and whether goals are reached: must=(bound, reached), aim=(bound, reached)."""
        words = []
        for kind, (bound, reached) in goals.items():
            self.bench.verdicts.append((kind, "%s %s: %s (%s %s)" % (self.number, what, measured, kind, bound), reached))
            words.append("%s %s: %s" % (kind, bound, "reached" if reached else "MISSED" if kind == "must" else "not yet"))
        print("      %-42s %-32s %s" % (what, measured, ", ".join(words)), flush=True)

    def at_most(self, what, value, unit, **goals):
        self.judge(what, "%.3g %s" % (value, unit), **{k: ("<= %g" % v, value <= v) for k, v in goals.items()})

    def at_least(self, what, value, unit, **goals):
        self.judge(what, "%.3g %s" % (value, unit), **{k: (">= %g" % v, value >= v) for k, v in goals.items()})

    def exactly(self, what, value, wanted):
        self.judge(what, "%d" % value, must=("%d" % wanted, value == wanted))

    def faster(self, results, ours, peer, **goals):
        """The ratio of our rate to a peer's."""
        if ours in results and peer in results:
            self.at_least(ours, results[ours].rate / results[peer].rate, "x " + peer, **goals)
