"""Writes the files of the corpus.

small/NNNN.eml, small-crlf/NNNN.eml  2,000 mails with LF and with CRLF line ends
small.tsv            the truth: name, octets, leaves, decoded octets, CRC-32 of the decoded leaves in order (LF)
big/b64-N.eml        a text and an attachment of N MB; big/qp-N.eml: one quoted-printable text
hostile/*-N.eml      N fields, parts, levels, recipients or octets in a field
raw/*-N.*            N MB of random octets (bin), of prose in UTF-8 (text), of short ASCII lines (ascii)
lists/*.txt          addresses, dates, encoded words and subjects, one a line
"""
import binascii
import os
import zlib

from .messages import MessageMaker, base64_lines, flat
from .words import WORDS

SEED = 7
MAILS = 2000
MEGABYTES = (1, 10, 100)
HEAD = ("From: Anna Adams <anna@example.com>\nTo: ben@example.org\nSubject: big\nDate: Mon, 1 Jan 2024 10:00:00 +0000\n"
        "Message-ID: <1@example.com>\nMIME-Version: 1.0\n")
MIXED = HEAD + (
    'Content-Type: multipart/mixed; boundary="=_big"\n\n--=_big\nContent-Type: text/plain; charset=us-ascii\n\n'
    "See attachment.\n--=_big\nContent-Type: application/octet-stream\nContent-Transfer-Encoding: base64\n\n")


def make(folder):
    small(folder)
    big(os.path.join(folder, "big"))
    hostile(os.path.join(folder, "hostile"))
    raw(os.path.join(folder, "raw"))
    lists(os.path.join(folder, "lists"))


def put(path, octets):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(octets)


def small(folder):
    rows = []
    for number in range(MAILS):
        maker = MessageMaker(SEED * 1000003 + number)
        message = maker.message("mixed", 5 << 20) if number % 500 == 250 else maker.message()
        octets, leaves = flat(message), message[2]
        name = "%04d.eml" % number
        put(os.path.join(folder, "small", name), octets)
        put(os.path.join(folder, "small-crlf", name), octets.replace(b"\n", b"\r\n"))
        check = 0
        for leaf in leaves:
            check = zlib.crc32(leaf, check)
        rows.append("%s\t%d\t%d\t%d\t%d\n" % (name, len(octets), len(leaves), sum(map(len, leaves)), check))
    put(os.path.join(folder, "small.tsv"), "".join(rows).encode())


def random_octets(maker, count):
    return b"".join(maker.random.randbytes(min(1 << 20, count - i)) for i in range(0, count, 1 << 20))


def prose(maker, megabytes):
    unit = "\n".join([maker.prose("iso-8859-1", 200000, 0), maker.prose("utf-8", 60000, 70),
                      maker.prose("us-ascii", 250000, 70), ""]).encode()
    octets = megabytes * 1000000
    return (unit * (octets // len(unit) + 1))[:octets].decode("utf-8", "ignore").encode()


def big(folder):
    for megabytes in MEGABYTES:
        maker = MessageMaker(SEED + megabytes)
        octets = random_octets(maker, megabytes * 1000000)
        mail = MIXED.encode() + base64_lines(octets) + b"\n--=_big--\n"
        put(os.path.join(folder, "b64-%d.eml" % megabytes), mail)
        head = HEAD + "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
        text = binascii.b2a_qp(prose(maker, megabytes), istext=True)
        put(os.path.join(folder, "qp-%d.eml" % megabytes), head.encode() + text)


def hostile(folder):
    maker = MessageMaker(SEED)

    def write(name, size, text):
        put(os.path.join(folder, "%s-%d.eml" % (name, size)), (HEAD + text).encode())

    for size in (5000, 10000):
        write("fields", size, "".join("X-H-%d: value number %d of many\n" % (i, i) for i in range(size)) + "\nbody\n")
        same = "".join("Received: from a%d by b; Mon, 1 Jan 2024 10:00:00 +0000\n" % i for i in range(size))
        write("same", size, same + "\nbody\n")
    for size in (2500, 5000):
        parts = "".join("--bb\nContent-Type: text/plain\n\npart %d\n" % i for i in range(size))
        write("parts", size, "Content-Type: multipart/mixed; boundary=bb\n\n" + parts + "--bb--\n")
    for size in (50, 100):
        opened = "".join('Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (i, i) for i in range(size))
        closed = "".join("--b%d--\n" % i for i in reversed(range(size)))
        write("depth", size, opened + "Content-Type: text/plain\n\ninnermost\n" + closed)
        write("rfc822", size, ("Content-Type: message/rfc822\n\n" + HEAD) * size + "\ninnermost\n")
    for size in (500000, 1000000):
        write("long", size, "X-Long: " + "abcdefghi " * (size // 10) + "\n\nbody\n")
        write("folded", size, "X-Long: " + "abcdefghi abcdefghi abcdefghi\n " * (size // 30) + "end\n\nbody\n")
    for size in (50000, 100000):
        recipients = ",\n ".join(maker.person() for _ in range(size))
        octets = HEAD.replace("To: ben@example.org", "To: " + recipients) + "\nbody\n"
        put(os.path.join(folder, "recipients-%d.eml" % size), octets.encode())


def raw(folder):
    for megabytes in MEGABYTES:
        maker = MessageMaker(SEED + 50 + megabytes)
        octets = megabytes * 1000000
        put(os.path.join(folder, "bin-%d.bin" % megabytes), random_octets(maker, octets))
        put(os.path.join(folder, "text-%d.txt" % megabytes), prose(maker, megabytes))
        lines = maker.prose("us-ascii", 500000, 60).replace("\n.", "\n").split("\n")
        unit = "\n".join(line.strip() for line in lines).encode() + b"\n"
        put(os.path.join(folder, "ascii-%d.txt" % megabytes), (unit * (octets // len(unit) + 1))[:octets])


def lists(folder):
    maker = MessageMaker(SEED + 99)

    def write(name, lines):
        put(os.path.join(folder, name + ".txt"), ("\n".join(lines) + "\n").encode())

    write("addresses", [maker.person() for _ in range(5000)])
    write("dates", [maker.date() for _ in range(5000)])
    words = []
    while len(words) < 5000:
        charset = maker.charset()
        if charset != "us-ascii":
            text = maker.random.choice(WORDS[charset]) + " " + maker.random.choice(WORDS[charset])
            words += [word for word in maker.encoded_words(text, charset).split("\n ") if word.startswith("=?")]
    write("words", words[:5000])
    subjects = []
    for _ in range(3000):
        charset = maker.charset()
        text = maker.prose(charset, 60, 0).replace("\n", " ")
        subjects.append(maker.encoded_words(text, charset).replace("\n ", " "))
    write("subjects", subjects)
