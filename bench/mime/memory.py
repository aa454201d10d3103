"""P3 and P4: peak memory, and speed of what is streamed."""
import os
import zlib

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
        row.at_most("peak memory", result.peak / octets, "x the mail", must=3)
        row.at_most("peak memory above mail and body", result.peak - octets - decoded, "MiB", aim=20)


def p4(bench):
    row = Row(bench, "P4", "memory of streams, above a process that only has the package")
    idle = bench.race({"tclmail": ("tclmail", "idle")}, rounds=1)["tclmail"].peak
    print("    idle %.1f MiB" % idle)
    for size in SIZES[:2] if bench.quick else SIZES:
        streams(bench, row, size, idle)
    mail = bench.path("big/b64-100.eml")
    ours = "tclmail, getbody -command"
    results = bench.race({ours: ("tclmail", "stream", mail), "GMime": ("GMime", "big", mail, "stream")})
    row.show(results)
    row.faster(results, ours, "GMime", aim=1)


def streams(bench, row, size, idle):
    """Streams so many MB, each in a process of its own; what was made for it is removed."""
    mail, attachment = inputs(bench, size)
    target = bench.folder + "/copied"
    build = ("build", attachment, "application/octet-stream", target, "base64")
    subjects = {"-file, getbody -command": ("tclmail", "stream", mail), "build, file to channel": ("tclmail", *build),
                "copymessage, file to channel": ("tclmail", "copy", mail, target)}
    results = bench.race(subjects, rounds=1, LEAST="0")
    for name, result in results.items():
        row.at_most("%s, %d MB" % (name, size), result.peak - idle, "MiB above idle", must=5)
    if len(results) == len(subjects):
        copied = results["copymessage, file to channel"].last["out"]
        row.exactly("octets copied, with CRLF", copied, os.path.getsize(mail) + line_ends(mail))
        row.exactly("checksum of the copy, without CR", checksum(target), checksum(mail))
    for name in (mail, attachment, target):
        if name.startswith(bench.folder) and os.path.exists(name):
            os.remove(name)


def blocks(name):
    with open(name, "rb") as file:
        yield from iter(lambda: file.read(1 << 24), b"")


def line_ends(name):
    return sum(block.count(b"\n") for block in blocks(name))


def checksum(name):
    """The CRC-32 of a file without its CR."""
    check = 0
    for block in blocks(name):
        check = zlib.crc32(block.replace(b"\r", b""), check)
    return check


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
