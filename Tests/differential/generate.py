"""Mails made at random, the same for the same seed: valid ones, and ones that were damaged afterwards."""

import base64
import quopri
import random

WORDS = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau".split()
FOREIGN = ["Größe", "naïve", "café", "Ünal", "Łódź", "Привет", "你好", "日本語", "Ελλάδα", "שלום", "5 €", "😊"]
CHARSETS = ["utf-8", "iso-8859-1", "windows-1252", "us-ascii", "iso-8859-15", "koi8-r"]
DOMAINS = ["example.com", "example.org", "example.net", "mail.example.com"]
BOUNDARY_CHARACTERS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'()+_,-./:=?"


class Generator:
    """Makes one mail. All randomness comes from `random`."""

    def __init__(self, seed, number):
        self.random = random.Random(f"{seed}/{number}")
        self.boundaries = []

    def chance(self, probability):
        return self.random.random() < probability

    def choice(self, items):
        return self.random.choice(items)

    def mail(self):
        """A mail's octets."""
        text = "\n".join(self.message_fields(depth=0)) + "\n"
        octets = text.encode("utf-8", "surrogateescape") + self.entity(depth=0)
        if self.chance(0.5):
            for _ in range(self.random.randint(1, 3)):
                octets = self.damage(octets)
        if self.chance(0.3):
            octets = octets.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        return octets

    # Words and phrases

    def words(self, most=6):
        return " ".join(self.choice(WORDS) for _ in range(self.random.randint(1, most)))

    def foreign(self, charset=None):
        """A foreign word, one that `charset` can say if there is one."""
        fitting = [word for word in FOREIGN if charset is None or says(charset, word)]
        return self.choice(fitting or WORDS)

    def encoded_word(self):
        charset = self.choice(CHARSETS)
        text = self.foreign(charset)
        octets = text.encode(charset)
        if self.chance(0.5):
            return f"=?{charset}?{self.choice('Bb')}?{base64.b64encode(octets).decode()}?="
        return f"=?{charset}?{self.choice('Qq')}?{self.q_encoded(octets)}?="

    def q_encoded(self, octets):
        return "".join(chr(o) if chr(o).isalnum() and o < 128 else "_" if o == 32 else f"={o:02X}" for o in octets)

    def broken_word(self):
        return self.choice([
            "=?utf-8?Q?never ends", "=?utf-8?X?abc?=", "=?utf-8?Q?a?b?=", "=?x-martian?Q?caf=E9?=", "=?utf-8?B?YWJj*?=",
            "=?utf-8?Q?bad=ZZ?=", "=?utf-8?B?YWI?=", "=?utf-8?Q??=", "=?utf-8?q?=C3?=",
        ])

    def unstructured(self):
        """The value of a field of text, perhaps folded."""
        items = []
        for _ in range(self.random.randint(1, 4)):
            kind = self.random.random()
            if kind < 0.5:
                items.append(self.words(3))
            elif kind < 0.9:
                items.append(self.encoded_word())
            elif kind < 0.95:
                items.append(self.broken_word())
            else:
                items.append(self.foreign())
        separator = "\n " if self.chance(0.2) else " "
        return separator.join(items)

    # Addresses

    def addr_spec(self):
        local = self.choice(["ann", "bob.bee", "c+d", "o'neil", "x_y", '"quoted local"', '"a@b"'])
        domain = self.choice(DOMAINS) if self.chance(0.9) else "[192.0.2.7]"
        return f"{local}@{domain}"

    def mailbox(self):
        kind = self.random.random()
        spec = self.addr_spec()
        if kind < 0.25:
            return spec
        if kind < 0.5:
            return f"{self.words(2).title()} <{spec}>"
        if kind < 0.65:
            return f'"{self.words(2)}, {self.words(1)}" <{spec}>'
        if kind < 0.75:
            return f"{self.encoded_word()} <{spec}>"
        if kind < 0.82:
            return f"{spec} ({self.words(2)})"
        if kind < 0.88:
            return f'"say \\"{self.words(1)}\\"" <{spec}>'
        if kind < 0.92:
            return f"John Q. {self.words(1).title()} <{spec}>"
        if kind < 0.95:
            return f"{self.words(1)} (a (nested) comment) <{spec}>"
        if kind < 0.97:
            return f"<@a.example.net,@b.example.net:{spec}>"
        return f"{self.foreign()} <{spec}>"

    def addresses(self):
        items = [self.mailbox() for _ in range(self.random.randint(1, 4))]
        if self.chance(0.08):
            members = ", ".join(self.mailbox() for _ in range(self.random.randint(0, 2)))
            items.append(f"Friends: {members};")
        return self.choice([", ", ",", ",\n ", " , "]).join(items)

    # Dates

    def date(self):
        day, month, year = self.random.randint(1, 28), self.random.randint(0, 11), self.random.randint(1990, 2037)
        name = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()[month]
        weekday = self.choice("Mon Tue Wed Thu Fri Sat Sun".split())
        time = f"{self.random.randint(0, 23):02}:{self.random.randint(0, 59):02}"
        if self.chance(0.85):
            time += f":{self.random.randint(0, 59):02}"
        zone = self.choice(["+0000", "-0500", "+0530", "+1300", "GMT", "UT", "EST", "PDT", "-0000", "Z", "+0100 (CET)"])
        kind = self.random.random()
        if kind < 0.75:
            return f"{weekday}, {day} {name} {year} {time} {zone}"
        if kind < 0.9:
            return f"{day:02} {name} {year} {time} {zone}"
        if kind < 0.95:
            return f"{day} {name} {year % 100:02} {time} {zone}"
        return f"{weekday}, {day:02}-{name}-{year} {time} {zone}"

    # Fields

    def message_fields(self, depth):
        fields = [("From", self.mailbox()), ("To", self.addresses()), ("Subject", self.unstructured()), ("Date", self.date())]
        if self.chance(0.3):
            fields.append(("Cc", self.addresses()))
        if self.chance(0.3):
            fields.append(("X-Note", self.unstructured()))
        if self.chance(0.3):
            fields.append(("Received", f"from a by b\n\tfor <{self.addr_spec()}>; {self.date()}"))
        if depth == 0 or self.chance(0.5):
            fields.append(("MIME-Version", "1.0"))
        self.random.shuffle(fields)
        return [self.name(name) + self.choice([": "] * 9 + [":"]) + value for name, value in fields]

    def name(self, name):
        return self.choice([name] * 8 + [name.lower(), name.upper()])

    def parameter(self, name, value):
        """One parameter, as `; name=value` in one of the forms in use."""
        if not value.isascii():
            return self.foreign_parameter(name, value)
        if self.chance(0.1) and len(value) > 3:
            at = self.random.randint(1, len(value) - 1)
            return f';\n {name}*0="{value[:at]}";\n {name}*1="{value[at:]}"'
        isToken = value.replace(".", "").replace("-", "").isalnum()
        form = f"{name}={value}" if isToken and self.chance(0.5) else f'{name}="{value}"'
        return self.choice(["; ", ";", ";\n\t", " ; "]) + form

    def foreign_parameter(self, name, value):
        octets = value.encode("utf-8")
        percent = "".join(chr(o) if o < 128 and chr(o).isalnum() else f"%{o:02X}" for o in octets)
        kind = self.random.random()
        if kind < 0.4:
            return f"; {name}*=utf-8''{percent}"
        if kind < 0.6:
            half = percent[: len(percent) // 6 * 3 // 3 * 3]
            at = percent.find("%", len(half)) if "%" in percent[len(half):] else len(percent)
            return f";\n {name}*0*=utf-8''{percent[:at]};\n {name}*1*={percent[at:]}"
        if kind < 0.9:
            return f'; {name}="=?utf-8?B?{base64.b64encode(octets).decode()}?="'
        return f'; {name}="{value}"'

    def file_name(self):
        stem = self.foreign() if self.chance(0.4) else self.words(2)
        return f"{stem}.{self.choice(['txt', 'pdf', 'png'])}"

    # Entities

    def entity(self, depth):
        """The MIME fields, the empty line and the body of an entity: octets."""
        kind = self.random.random()
        if depth < 4 and kind < (0.6 if depth == 0 else 0.25):
            return self.multipart(depth)
        if depth < 4 and kind < (0.65 if depth == 0 else 0.33):
            return self.message(depth)
        return self.leaf()

    def joined(self, fields, body):
        self.random.shuffle(fields)
        lines = "".join(f"{self.name(name)}: {value}\n" for name, value in fields)
        return lines.encode("utf-8", "surrogateescape") + b"\n" + body

    def leaf(self):
        isText = self.chance(0.6)
        type = self.choice(["text/plain", "text/html", "TEXT/Plain"] if isText else ["application/octet-stream", "image/png"])
        charset = self.choice(CHARSETS)
        value, fields = type, []
        if isText and self.chance(0.8):
            value += self.parameter("charset", charset)
        if self.chance(0.3):
            name = self.file_name()
            if self.chance(0.6):
                value += self.parameter("name", name)
            fields.append(("Content-Disposition", "attachment" + self.parameter("filename", name)))
        if self.chance(0.05):
            value += ";"
        if self.chance(0.9):
            fields.append(("Content-Type", value))
        octets = self.text(charset) if isText else self.binary()
        encoding, body = self.encoded(octets)
        if encoding:
            fields.append(("Content-Transfer-Encoding", encoding))
        return self.joined(fields, body)

    def text(self, charset):
        lines = []
        for _ in range(self.random.randint(0, 6)):
            line = self.words(8) if self.chance(0.7) else f"{self.words(3)} {self.foreign(charset)}"
            lines.append(line + (" " if self.chance(0.05) else ""))
        text = "\n".join(lines) + ("\n" if self.chance(0.7) else "")
        return text.encode(charset)

    def binary(self):
        return bytes(self.random.randrange(256) for _ in range(self.random.randint(0, 120)))

    def encoded(self, octets):
        isPlain = octets.isascii() and b"\0" not in octets and b"\r" not in octets
        kind = self.random.random()
        if kind < 0.35:
            return self.choice(["base64", "BASE64", "Base64"]), self.base64_lines(octets)
        if kind < 0.6:
            return "quoted-printable", self.quoted_printable(octets)
        if isPlain:
            return self.choice(["7bit", "", "8bit", "x-unknown"]), octets
        clean = octets.replace(b"\0", b"").replace(b"\r", b"")
        return self.choice(["8bit", "binary", ""]), clean

    def base64_lines(self, octets):
        width = self.choice([76, 76, 72, 60, 4])
        text = base64.b64encode(octets)
        lines = [text[at : at + width] for at in range(0, len(text), width)]
        return b"\n".join(lines) + (b"\n" if self.chance(0.7) else b"")

    def quoted_printable(self, octets):
        body = quopri.encodestring(octets.replace(b"\r", b""))
        return body.lower() if self.chance(0.05) else body

    def boundary(self):
        kind = self.random.random()
        if kind < 0.05 and self.boundaries:
            text = self.choice(self.boundaries) + self.choice(["", "x", "--"])
        elif kind < 0.1:
            text = "--" + self.choice(WORDS)
        else:
            text = "".join(self.choice(BOUNDARY_CHARACTERS) for _ in range(self.random.randint(1, 30)))
        self.boundaries.append(text)
        return text

    def multipart(self, depth):
        subtype = self.choice(["mixed", "mixed", "alternative", "related", "report", "digest", "x-unknown"])
        boundary = self.boundary()
        part = self.digest_part if subtype == "digest" else self.entity
        parts = [part(depth + 1) for _ in range(self.random.randint(1, 3))]
        padding = self.choice(["", "", "", " ", "\t "])
        delimiter = f"--{boundary}".encode()
        body = (self.words().encode() + b"\n") if self.chance(0.2) else b""
        for part in parts:
            body += delimiter + padding.encode() + b"\n" + part + b"\n"
        body += delimiter + b"--" + (b"\n" + self.words().encode() if self.chance(0.3) else b"") + b"\n"
        self.boundaries.pop()
        return self.joined([("Content-Type", f'multipart/{subtype}; boundary="{boundary}"')], body)

    def message(self, depth):
        return self.joined([("Content-Type", "message/rfc822")], self.inner_message(depth))

    def inner_message(self, depth):
        fields = "\n".join(self.message_fields(depth + 1))
        return fields.encode("utf-8", "surrogateescape") + b"\n" + self.entity(depth + 1)

    def digest_part(self, depth):
        """A message, whose type need not be said (RFC 2046 §5.1.5)."""
        return b"\n" + self.inner_message(depth) if self.chance(0.7) else self.message(depth)

    # Damage

    def damage(self, octets):
        """The octets with one fault."""
        return self.choice([
            self.cut, self.lose_line, self.double_line, self.lose_empty_line, self.junk_line, self.mailbox_line,
            self.other_octet, self.fold, self.blank_before_colon, self.lose_quote, self.semicolon, self.junk_in_line,
            self.crlf_line, self.swap_lines, self.broken_equals, self.lose_padding,
        ])(octets)

    def cut(self, octets):
        return octets[: self.random.randint(0, len(octets))]

    def lines(self, octets):
        lines = octets.split(b"\n")
        return lines, self.random.randrange(len(lines))

    def lose_line(self, octets):
        lines, at = self.lines(octets)
        return b"\n".join(lines[:at] + lines[at + 1 :])

    def double_line(self, octets):
        lines, at = self.lines(octets)
        return b"\n".join(lines[:at] + [lines[at]] + lines[at:])

    def swap_lines(self, octets):
        lines, at = self.lines(octets)
        lines[at], lines[at - 1] = lines[at - 1], lines[at]
        return b"\n".join(lines)

    def lose_empty_line(self, octets):
        lines, _ = self.lines(octets)
        empty = [at for at, line in enumerate(lines) if not line]
        if not empty:
            return octets
        at = self.choice(empty)
        return b"\n".join(lines[:at] + lines[at + 1 :])

    def insert_line(self, octets, line):
        lines, at = self.lines(octets)
        return b"\n".join(lines[:at] + [line] + lines[at:])

    def junk_line(self, octets):
        return self.insert_line(octets, self.choice([b"no colon here", b": no name", b" continues", b"--", b"=", b"X-Odd:"]))

    def mailbox_line(self, octets):
        return b"From ann@example.com Mon Jan  5 10:00:00 2026\n" + octets

    def replace_one(self, octets, old, new):
        places = [at for at in range(len(octets)) if octets.startswith(old, at)]
        if not places:
            return octets
        at = self.choice(places)
        return octets[:at] + new + octets[at + len(old) :]

    def other_octet(self, octets):
        at = self.random.randint(0, len(octets))
        return octets[:at] + self.choice([b"\xe9", b"\xc3\xa9", b"\0", b"\x07", b"\t"]) + octets[at + 1 :]

    def fold(self, octets):
        return self.replace_one(octets, b" ", self.choice([b"\n ", b"\n\t", b"\n  "]))

    def blank_before_colon(self, octets):
        return self.replace_one(octets, b":", b" :")

    def lose_quote(self, octets):
        return self.replace_one(octets, b'"', b"")

    def semicolon(self, octets):
        return self.replace_one(octets, b";", self.choice([b";;", b"", b"; ;"]))

    def junk_in_line(self, octets):
        at = self.random.randint(0, len(octets))
        return octets[:at] + self.choice([b"*", b" ", b"--", b"=", b"?="]) + octets[at:]

    def crlf_line(self, octets):
        return self.replace_one(octets, b"\n", b"\r\n")

    def broken_equals(self, octets):
        return self.replace_one(octets, b"=", self.choice([b"==", b"= ", b"=x", b""]))

    def lose_padding(self, octets):
        return self.replace_one(octets, b"=\n", b"\n")


def says(charset, text):
    try:
        text.encode(charset)
    except UnicodeError:
        return False
    return True


def mail(seed, number):
    """The mail of that number."""
    return Generator(seed, number).mail()
