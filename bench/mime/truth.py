"""What the mails of the corpus decode to, and whether tclmail says so."""
from .race import Row


def totals(bench):
    """Leaves and decoded octets of all mails."""
    with open(bench.path("small.tsv")) as file:
        rows = [line.split("\t") for line in file]
    return sum(int(row[2]) for row in rows), sum(int(row[3]) for row in rows)


def check(bench):
    """All 2,000 mails, with LF and with CRLF, -string and -file."""
    row = Row(bench, "P1", "the truth table: leaves, octets and checksums of 2,000 mails")
    table = bench.path("small.tsv")
    for folder, ends in (("small", "LF"), ("small-crlf", "CRLF")):
        for mode in ("string", "file"):
            done = bench.drivers["tclmail"].run("truth", bench.path(folder), table, mode)
            row.exactly("%s, -%s: right" % (ends, mode), done["right"], 2000)
            if done["wrong"]:
                print("      the first that is wrong: %s" % done["first"])
