"""P1, P2, P5, P6 and P18: parsing and decoding."""
from .race import Row
from .truth import check, totals


def p1(bench):
    check(bench)
    mails = bench.path("small")
    row = Row(bench, "P1", "parse and decode %s mails, -string and -file" % ("400" if bench.quick else "2,000"))
    subjects = {"%s %s" % (name, mode): (name, "corpus", mails, mode[1:])
                for mode in ("-string", "-file") for name in ("tclmail", "Tcllib")}
    peers = ("GMime", "fast_mail_parser", "mimetic", "Email::MIME", "Python")
    subjects |= {name: (name, "corpus", mails) for name in peers}
    results = bench.race(subjects, **({"LIMIT": "400"} if bench.quick else {}))
    row.show(results)
    for mode in ("-string", "-file"):
        ours = "tclmail " + mode
        row.faster(results, ours, "Tcllib " + mode, must=40)
        row.faster(results, ours, "GMime", must=3, aim=5)
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
    for text, title in (("text", "UTF-8 prose"), ("ascii", "ASCII text")):
        for way in ("encode", "decode"):
            file = bench.path("raw/%s-10.txt" % text)
            limit = {"LIMIT": "100000" if way == "encode" else "1000000"}
            names = {name: "%s %s, %s" % (name, way, title) for name in ("tclmail", "Tcllib", "GMime")}
            results = bench.race({names["tclmail"]: ("tclmail", "qp", way, file),
                                  names["Tcllib"]: ("Tcllib", "qp", way, bench.path("raw/%s-1.txt" % text), limit),
                                  names["GMime"]: ("GMime", "code", "qp", way, file)})
            row.show(results)
            row.faster(results, names["tclmail"], names["Tcllib"], must=100 if text == "text" else None)
            row.faster(results, names["tclmail"], names["GMime"], must=2 if text == "text" else None,
                       aim=10 if text == "ascii" else None)
    grows(bench, row, {way: ("tclmail", "qp", way, bench.path("raw/text-%d.txt")) for way in ("encode", "decode")})


def grows(bench, row, tasks):
    """Ten times the size in at most twelve times the time; first runs of processes, so both pay for fresh memory."""
    subjects = {(what, size): tuple(word.replace("%d", str(size)) for word in words)
                for what, words in tasks.items() for size in (10, 100)}
    results = bench.race(subjects, rounds=3 if bench.quick else 5, LEAST="0")
    for what in tasks:
        if (what, 10) in results and (what, 100) in results:
            row.most("%s, 100 MB to 10 MB" % what, results[what, 100].secs / results[what, 10].secs, 12, "x the time")


def p6(bench):
    row = Row(bench, "P6", "base64 with line breaks in memory, 10 MB: the engine; pybase64 without line breaks")
    file = bench.path("raw/bin-10.bin")
    for way in ("encode", "decode"):
        names = {name: "%s %s" % (name, way) for name in ("engine", "GMime", "pybase64")}
        results = bench.race({names["engine"]: ("engine", "code", way, file),
                              names["GMime"]: ("GMime", "code", "b64", way, file),
                              names["pybase64"]: ("pybase64", "code", way, file)})
        row.show(results)
        row.faster(results, names["engine"], names["GMime"], must=2)
        row.faster(results, names["engine"], names["pybase64"], aim=.5)


def p18(bench):
    row = Row(bench, "P18", "tree only, 2,000 mails, the engine without Tcl: parsed, every entity visited")
    mails = bench.path("small")
    results = bench.race({"engine, tree": ("engine", "tree", mails), "engine, decoding": ("engine", "decode", mails)})
    row.show(results)
    for name, result in results.items():
        row.judge(name, "%d leaves" % totals(bench)[0], "%d" % result.last["leaves"],
                  must=result.last["leaves"] == totals(bench)[0])
    if "engine, tree" in results:
        rate = results["engine, tree"].rate / 1e9
        row.least("engine, tree", rate, 2, "GB/s")
        row.least("engine, tree", rate, 5, "GB/s", kind="aim")
