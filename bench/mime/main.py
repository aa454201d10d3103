"""The rows, and the summary of their goals."""
import os

from .. import common, corpus
from . import building, items, memory, reading
from .drivers import Drivers, Failed
from .race import Bench

ROWS = {"P1": reading.p1, "P2": reading.p2, "P3": memory.p3, "P4": memory.p4, "P5": reading.p5, "P6": reading.p6,
        "P7": building.p7, "P8": building.p8, "P9": building.p9, "P10": items.p10, "P11": items.p11, "P12": items.p12,
        "P18": reading.p18}


def measure(folder, rows, quick):
    """Measures the rows, or all."""
    print("mime: processor seconds, medians of runs in turn")
    bench = Bench(Drivers(), corpus.ensure(os.path.join(common.CACHE, "bench-corpus")), folder, quick)
    for row in rows or ROWS:
        try:
            ROWS[row](bench)
        except Failed as error:
            print("  %s: failed: %s" % (row, error))
            bench.verdicts.append(("must", "%s fails" % row, False))
    summary(bench.verdicts)


def summary(verdicts):
    """How many goals are reached; each must that is missed counts."""
    common.missed += [text for kind, text, reached in verdicts if kind == "must" and not reached]
    for _, text, _ in (verdict for verdict in verdicts if verdict[0] == "aim" and not verdict[2]):
        print("  not yet: " + text)
    for kind in ("must", "aim"):
        reached = [verdict[2] for verdict in verdicts if verdict[0] == kind]
        print("  %s: %d of %d reached" % (kind, sum(reached), len(reached)))
