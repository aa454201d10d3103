"""Whole mails of the kinds that fill mailboxes, with what their leaves decode to."""
import base64
import binascii

from .fields import FieldMaker
from .text import encode

#: Kinds of mails, and how many in a hundred are of each.
KINDS = {"plain": 28, "alternative": 30, "related": 9, "mixed": 22, "forwarded": 5, "report": 3, "deep": 3}
FILES = (("report.pdf", "application/pdf"), ("photo.jpg", "image/jpeg"), ("data.zip", "application/zip"),
         ("sheet.xlsx", "application/vnd.ms-excel"), ("raw.bin", "application/octet-stream"))
REPORT = (b"Reporting-MTA: dns; mx.example.com\n\nFinal-Recipient: rfc822; x@example.com\n"
          b"Action: failed\nStatus: 5.1.1")


def base64_lines(octets):
    text = base64.b64encode(octets)
    return b"\n".join(text[i:i + 76] for i in range(0, len(text), 76))


def flat(message):
    """The octets of a mail."""
    fields, body, _ = message
    return ("\n".join(fields) + "\n\n").encode() + body + (b"" if body.endswith(b"\n") else b"\n")


class MessageMaker(FieldMaker):
    """Makes parts and messages, each as (fields, body, what its leaves decode to)."""

    def __init__(self, seed):
        super().__init__(seed)
        self.boundaries = 0

    def text(self, charset, size, subtype="plain"):
        if subtype == "plain":
            text = self.prose(charset, size, self.random.choice([70, 70, 0]))
        else:
            text = self.html(charset, size)
        name = self.random.choice([charset, '"%s"' % charset, charset.upper()])
        return self.text_leaf(encode(text, charset), "text/%s; charset=%s" % (subtype, name))

    def text_leaf(self, octets, content_type):
        short = max(map(len, octets.split(b"\n"))) <= 900
        choice = self.random.random()
        if octets.isascii() and short and choice < .6:
            return self.leaf(octets, content_type, "7bit", octets)
        if short and choice < .1:
            return self.leaf(octets, content_type, "8bit", octets)
        if choice < .8:
            return self.leaf(octets, content_type, "quoted-printable", binascii.b2a_qp(octets, istext=True))
        return self.leaf(octets, content_type, "base64", base64_lines(octets))

    @staticmethod
    def leaf(octets, content_type, encoding, body, extra=()):
        fields = ["Content-Type: " + content_type, "Content-Transfer-Encoding: " + encoding, *extra]
        return fields, body, [octets]

    def binary(self, octets, content_type, extra):
        return self.leaf(octets, content_type, "base64", base64_lines(octets), extra)

    def multipart(self, subtype, parts, parameters=""):
        self.boundaries += 1
        boundary = "----=_Part_%d_%08x" % (self.boundaries, self.random.getrandbits(32))
        preamble = b"This is a multi-part message in MIME format.\n" if self.random.random() < .5 else b""
        body = b"".join(("\n--%s\n%s\n\n" % (boundary, "\n".join(fields))).encode() + octets for fields, octets, _ in parts)
        body = preamble + (body if preamble else body.lstrip(b"\n")) + ("\n--%s--" % boundary).encode()
        field = 'Content-Type: multipart/%s;\n\tboundary="%s"%s' % (subtype, boundary, parameters)
        return [field], body, [octets for part in parts for octets in part[2]]

    def attachment(self, size):
        name, content_type = self.random.choice(FILES)
        if self.random.random() < .3:
            disposition = "attachment;\n filename*0*=utf-8''%s;\n filename*1*=%s" % ("%C3%A4nd%20", name)
        else:
            disposition = 'attachment; filename="%s"' % name
        octets = self.random.randbytes(size)
        return self.binary(octets, '%s; name="%s"' % (content_type, name), ["Content-Disposition: " + disposition])

    def size(self, median, most):
        return max(40, min(most, int(self.random.lognormvariate(0, 1.1) * median)))

    def message(self, kind=None, attached=None):
        """A mail; `attached` is the size of the one attachment of a mixed one."""
        r = self.random
        charset = self.charset()
        fields = self.fields(charset, 1 if r.random() < .7 else r.randint(2, 25))
        kind = kind or r.choices(list(KINDS), list(KINDS.values()))[0]
        part = self.mixed(charset, attached) if kind == "mixed" else getattr(self, kind)(charset)
        return fields + part[0], part[1], part[2]

    def plain(self, charset):
        fields, body, (octets,) = self.text(charset, self.size(1800, 60000))
        return fields, body + b"\n", [octets if fields[1].endswith("base64") else octets + b"\n"]

    def alternative(self, charset):
        size = self.size(1500, 30000)
        return self.multipart("alternative", [self.text(charset, size), self.text(charset, int(size * 1.8), "html")])

    def related(self, charset):
        pictures = [self.picture(i) for i in range(self.random.randint(1, 4))]
        return self.multipart("related", [self.alternative(charset)] + pictures, ';\n\ttype="multipart/alternative"')

    def picture(self, number):
        octets = self.random.randbytes(self.size(8000, 80000))
        extra = ["Content-ID: " + self.identifier(), "Content-Disposition: inline"]
        return self.binary(octets, 'image/png; name="i%d.png"' % number, extra)

    def mixed(self, charset, attached):
        count = self.random.randint(1, 3)
        first = self.alternative(charset) if self.random.random() < .6 else self.text(charset, 800)
        sizes = [attached] if attached else [None] * count
        return self.multipart("mixed", [first] + [self.attachment(size or self.size(25000, 150000)) for size in sizes])

    def forwarded(self, charset):
        fields, body, leaves = self.message(self.random.choice(["plain", "alternative", "mixed"]))
        if not body.endswith(b"\n"):
            body += b"\n"
        else:  # The line end before a delimiter belongs to the delimiter, not to the message within.
            body = body[:-1]
            if not any("multipart" in field or field.endswith("base64") for field in fields):
                leaves = [leaves[0][:-1]]
        inner = ["Content-Type: message/rfc822", "Content-Disposition: attachment"]
        octets = ("\n".join(fields) + "\n\n").encode() + body
        return self.multipart("mixed", [self.text(charset, 300), (inner, octets, leaves)])

    def report(self, charset):
        parts = [self.text("us-ascii", 500), self.text_leaf(REPORT, "text/x-delivery-status")]
        return self.multipart("report", parts, ";\n\treport-type=delivery-status")

    def deep(self, charset):
        part = self.text(charset, 600)
        for _ in range(self.random.randint(4, 12)):
            part = self.multipart("mixed", [self.text("us-ascii", 120), part])
        return part
