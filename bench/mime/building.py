"""P7 to P9: building."""
from .race import Row


def p7(bench):
    row = Row(bench, "P7", "100 MB attached in base64, from a file to a channel")
    file, target = bench.path("raw/bin-100.bin"), bench.folder + "/built"
    task = ("build", file, "application/octet-stream", target, "base64")
    results = bench.race({name: (name, *task) for name in ("tclmail", "Tcllib", "GMime")})
    row.show(results)
    row.faster(results, "tclmail", "Tcllib", must=1)
    row.faster(results, "tclmail", "GMime", aim=2)


def p8(bench):
    row = Row(bench, "P8", "ASCII text without -encoding, 10 MB, from a file to a string; Tcllib on 1 MB")
    results = bench.race({name: (name, "build", bench.path("raw/ascii-%d.txt" % size), "text/plain", "string")
                          for name, size in (("tclmail", 10), ("Tcllib", 1))})
    row.show(results)
    row.faster(results, "tclmail", "Tcllib", must=300)
    if "tclmail" in results:
        row.at_least("tclmail", results["tclmail"].rate / 1e9, "GB/s", aim=1)


def p9(bench):
    row = Row(bench, "P9", "small messages built: a text, an HTML text, an attachment of 8 kB")
    counts = {"tclmail": 200, "Tcllib": 20, "GMime": 200, "Python": 50}
    results = bench.race({name: (name, "small", count) for name, count in counts.items()})
    row.show(results, "a second", 1)
    row.faster(results, "tclmail", "GMime", must=1, aim=2)
    row.faster(results, "tclmail", "Tcllib", must=40)
