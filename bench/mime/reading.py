"""P1, P2, P5, P6 and P18: parsing and decoding."""
from .race import Row
from .truth import check, totals


def p1(bench):
    check(bench)
    mails = bench.path("small")
    row = Row(bench, "P1", "parse and decode %s mails, -string and -file" % ("250" if bench.quick else "2,000"))
    subjects = {"%s %s" % (name, mode): (name, "corpus", mails, mode[1:])
                for mode in ("-string", "-file") for name in ("tclmail", "Tcllib")}
    subjects |= {"GMime " + mode: ("GMime", "corpus", mails, "mem" if mode == "memory" else mode) for mode in ("memory", "file")}
    peers = ("fast_mail_parser", "mimetic", "Email::MIME", "Python")
    subjects |= {name: (name, "corpus", mails) for name in peers}
    results = bench.race(subjects, **({"LIMIT": "250"} if bench.quick else {"LEAST": ".5"}),
                         rounds=2 if bench.quick else 5)
    row.show(results)
    for mode, other in (("-string", "memory"), ("-file", "file")):
        ours = "tclmail " + mode
        row.faster(results, ours, "Tcllib " + mode, must=40)
        row.faster(results, ours, "GMime " + other, must=3, aim=5)
        if other == "file":
            row.faster(results, ours, "GMime memory")
        row.faster(results, ours, "fast_mail_parser", aim=2)
        for peer in ("mimetic", "Email::MIME", "Python"):
            row.faster(results, ours, peer, aim=1)


def p2(bench):
    row = Row(bench, "P2", "one mail of 10 MB in base64: initialize and getbody, with reading the file")
    mail = bench.path("big/b64-10.eml")
    subjects = {"%s %s" % (name, mode): (name, "big", mail, mode[1:])
                for mode in ("-string", "-file") for name in ("tclmail", "Tcllib")}
    subjects |= {"GMime memory": ("GMime", "big", mail, "mem"), "GMime file": ("GMime", "big", mail, "file"),
                 "Python": ("Python", "big", mail), "fast_mail_parser": ("fast_mail_parser", "big", mail)}
    results = bench.race(subjects)
    row.show(results)
    for mode, other in (("-string", "memory"), ("-file", "file")):
        row.faster(results, "tclmail " + mode, "Tcllib " + mode, must=60)
        row.faster(results, "tclmail " + mode, "GMime " + other, must=2, aim=4)


def p5(bench):
    row = Row(bench, "P5", "quoted-printable, 10 MB; Tcllib encodes 100 kB (it is slower still on more), decodes 1 MB")
    goals = {"text": {"must": 2}, "ascii": {"aim": 10}}
    for text, title in (("text", "UTF-8 prose"), ("ascii", "ASCII text")):
        for way, few in (("encode", "100000"), ("decode", "1000000")):
            file, less = bench.path("raw/%s-10.txt" % text), bench.path("raw/%s-1.txt" % text)
            ours, old, gmime, engine = ("%s %s, %s" % (name, way, title) for name in ("tclmail", "Tcllib", "GMime", "engine"))
            results = bench.race({ours: ("tclmail", "qp", way, file), gmime: ("GMime", "code", "qp", way, file),
                                  old: ("Tcllib", "qp", way, less, {"LIMIT": few}),
                                  engine: ("engine", "code", "qp", way, file)})
            row.show(results)
            row.faster(results, ours, old, **({"must": 100} if text == "text" else {}))
            row.faster(results, ours, gmime, **goals[text])
            row.faster(results, engine, gmime)
    grows(bench, row, {way: ("tclmail", "qp", way, bench.path("raw/text-%d.txt")) for way in ("encode", "decode")})


def grows(bench, row, tasks):
    """Ten times the size in at most twelve times the time; first runs of processes, so both pay for fresh memory."""
    subjects = {(what, size): tuple(word.replace("%d", str(size)) for word in words)
                for what, words in tasks.items() for size in (10, 100)}
    results = bench.race(subjects, rounds=3 if bench.quick else 5, LEAST="0")
    for what in tasks:
        if (what, 10) in results and (what, 100) in results:
            ratio = results[what, 100].times(results[what, 10])
            row.at_most("%s, 100 MB to 10 MB" % what, ratio, "x the time", must=12)


def p6(bench):
    row = Row(bench, "P6", "base64 with line breaks in memory, 10 MB: the engine; pybase64 without line breaks")
    file = bench.path("raw/bin-10.bin")
    for way in ("encode", "decode"):
        ours, gmime, fast = ("%s %s" % (name, way) for name in ("engine", "GMime", "pybase64"))
        results = bench.race({ours: ("engine", "code", "base64", way, file), gmime: ("GMime", "code", "b64", way, file),
                              fast: ("pybase64", "code", way, file)})
        row.show(results)
        row.faster(results, ours, gmime, must=2)
        row.faster(results, ours, fast, aim=.5)


def p18(bench):
    row = Row(bench, "P18", "tree only, 2,000 mails, the engine without Tcl: parsed, every entity visited")
    mails = bench.path("small")
    tree = "engine, tree"
    results = bench.race({tree: ("engine", "tree", mails), "engine, decoding": ("engine", "decode", mails)})
    row.show(results)
    for name, result in results.items():
        row.exactly(name + ": leaves", result.last["leaves"], totals(bench)[0])
    if tree in results:
        row.at_least(tree, results[tree].rate / 1e9, "GB/s", must=2, aim=5)
