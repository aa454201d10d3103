"""P3 and P4: peak memory, and speed of what is streamed."""
import os

from .race import Row
from .reading import grows

SIZES = (10, 100, 1000)


def p3(bench):
    row = Row(bench, "P3", "100 MB attached, -string: initialize and getbody")
    grows(bench, row, {"-string": ("tclmail", "big", bench.path("big/b64-%d.eml"), "string")})
    mail = bench.path("big/b64-100.eml")
    result = bench.race({"tclmail": ("tclmail", "big", mail, "string")}, rounds=1, LEAST="0").get("tclmail")
    if result:
        octets = os.path.getsize(mail) / (1 << 20)
        decoded = result.last["decoded"] / (1 << 20)
        print("    a mail of %.0f MiB, %.0f MiB decoded: peak %.0f MiB" % (octets, decoded, result.peak))
        row.most("peak memory", result.peak / octets, 3, "x the mail")
        row.most("peak memory above mail and body", result.peak - octets - decoded, 20, "MiB", kind="aim")


def p4(bench):
    sizes = SIZES[:2] if bench.quick else SIZES
    row = Row(bench, "P4", "memory of streams, above a process that only has the package")
    idle = bench.race({"tclmail": ("tclmail", "idle")}, rounds=1)["tclmail"].peak
    print("    idle %.1f MiB" % idle)
    for size in sizes:
        mail, attachment = inputs(bench, size)
        target = bench.folder + "/copied"
        results = bench.race({"-file, getbody -command": ("tclmail", "stream", mail),
                              "copymessage, file to channel": ("tclmail", "copy", mail, target),
                              "build, file to channel": (
                                  "tclmail", "build", attachment, "application/octet-stream", target, "base64")},
                             rounds=1, LEAST="0")
        judge_streams(row, results, size, idle, mail)
        for name in (mail, attachment, target):
            if name.startswith(bench.folder) and os.path.exists(name):
                os.remove(name)
    mail = bench.path("big/b64-100.eml")
    results = bench.race({"tclmail, getbody -command": ("tclmail", "stream", mail), "GMime": ("GMime", "big", mail, "stream")})
    row.show(results)
    row.faster(results, "tclmail, getbody -command", "GMime", aim=1)


def judge_streams(row, results, size, idle, mail):
    for name, result in results.items():
        row.most("%s, %d MB" % (name, size), result.peak - idle, 5, "MiB above idle")
    copied = results.get("copymessage, file to channel")
    if copied:
        wanted = os.path.getsize(mail) + line_ends(mail)
        row.judge("copymessage, %d MB" % size, "%d octets" % wanted, "%d" % copied.last["out"],
                  must=copied.last["out"] == wanted)


def line_ends(name):
    with open(name, "rb") as file:
        return sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 24), b""))


def inputs(bench, size):
    """A mail and an attachment of so many MB; those that the corpus lacks are made for now."""
    if size <= 100:
        return bench.path("big/b64-%d.eml" % size), bench.path("raw/bin-%d.bin" % size)
    mail, attachment = bench.folder + "/mail", bench.folder + "/attachment"
    with open(attachment, "wb") as file:
        file.truncate(size * 1000000)
    with open(bench.path("big/b64-100.eml"), "rb") as file:
        head, _, rest = file.read().partition(b"base64\n\n")
    body, end = rest[:rest.index(b"--=_big--")], rest[rest.index(b"--=_big--"):]
    lines = body[:len(body) // 77 * 77]
    with open(mail, "wb") as file:
        file.write(head + b"base64\n\n")
        for _ in range(size // 100):
            file.write(lines)
        file.write(end)
    return mail, attachment
