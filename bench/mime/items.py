"""P10 to P12: addresses, dates, encoded words; and mails made to be slow."""
from .race import Row

HOSTILE = {"fields": ("header fields", 10000), "same": ("fields of one name", 10000), "parts": ("parts", 5000),
           "depth": ("levels", 100), "rfc822": ("messages in messages", 100), "long": ("octets in a field", 1000000),
           "folded": ("octets in a folded field", 1000000), "recipients": ("recipients in To", 100000)}
FEW = {"LIMIT": "1000"}


def p10(bench):
    row = Row(bench, "P10", "parseaddress, an address a call and lists; Tcllib on 1,000")
    file = bench.path("lists/addresses.txt")
    for what, task in (("address", ("items", "address", file)), ("list of 1,000", ("list", file))):
        names = {name: "%s, %s" % (name, what) for name in ("tclmail", "Tcllib", "GMime")}
        gmime = ("items", "list" if what != "address" else what, file)
        results = bench.race({names["tclmail"]: ("tclmail", *task, FEW), names["Tcllib"]: ("Tcllib", *task, FEW),
                              names["GMime"]: ("GMime", *gmime)})
        row.show(results, "a second", 1)
        row.faster(results, names["tclmail"], names["Tcllib"], must=20, aim=50)
    results = bench.race({size: ("tclmail", "recipients", bench.path("hostile/recipients-%d.eml" % size))
                          for size in (50000, 100000)})
    if len(results) == 2:
        row.at_most("100,000 to 50,000 in a list", results[100000].times(results[50000]), "x the time", must=2.3)
        row.at_most("100,000 in a list", results[100000].secs, "s", aim=1)


def p11(bench):
    row = Row(bench, "P11", "parsedatetime, word_decode, field_decode, a call each")
    for what, command, name in (("date", "parsedatetime", "dates"), ("word", "word_decode", "words"),
                                ("field", "field_decode", "subjects")):
        task = ("items", what, bench.path("lists/%s.txt" % name))
        names = {peer: "%s %s" % (peer, command) for peer in ("tclmail", "Tcllib", "GMime", "Python")}
        results = bench.race({label: (peer, *task) for peer, label in names.items() if (peer, what) != ("GMime", "word")})
        row.show(results, "a second", 1)
        row.faster(results, names["tclmail"], names["Tcllib"], must=5, aim=10)


def p12(bench):
    row = Row(bench, "P12", "mails made to be slow: parsed, the header read, every leaf decoded; half the size and the whole")
    for name, (title, size) in HOSTILE.items():
        half, whole = (bench.path("hostile/%s-%d.eml" % (name, n)) for n in (size // 2, size))
        subjects = {(mode, n): ("tclmail", "big", file, mode)
                    for mode in ("string", "file") for n, file in (("half", half), ("whole", whole))}
        results = bench.race(subjects | {"GMime": ("GMime", "big", whole, "mem")}, rounds=3 if bench.quick else 9)
        label = "%s %s" % (format(size, ","), title)
        for mode in ("string", "file"):
            judge_hostile(row, "%s, -%s" % (label, mode), results, mode)


def judge_hostile(row, label, results, mode):
    if (mode, "half") not in results or (mode, "whole") not in results:
        return
    ours = results[mode, "whole"].secs
    row.at_most(label, ours, "s", must=.25)
    row.at_most(label, results[mode, "whole"].times(results[mode, "half"]), "x at twice the size", must=2.3)
    if "GMime" in results:
        row.at_most(label, ours / results["GMime"].secs, "x GMime's time", aim=2)
