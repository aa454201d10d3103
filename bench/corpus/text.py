"""Prose, addresses, dates and header fields as mailers write them."""
import base64
import random

from .words import CHARSETS, CODECS, DAYS, DOMAINS, FIRST_NAMES, LAST_NAMES, MONTHS, WORDS

#: Charsets whose text is often encoded as base64 in header fields.
WIDE = ("utf-8", "iso-2022-jp", "shift_jis", "euc-jp", "gb2312", "big5", "euc-kr")


def encode(text, charset):
    return text.encode(CODECS.get(charset, charset), "replace")


class TextMaker:
    """Makes text from a seed: the same seed, the same text."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def charset(self):
        return self.random.choices(list(CHARSETS), list(CHARSETS.values()))[0]

    def prose(self, charset, size, width=70):
        """About `size` characters in lines of `width`; width 0: each paragraph on one line."""
        words = WORDS[charset] if charset == "us-ascii" else WORDS[charset] * 2 + WORDS["us-ascii"]
        lines, line, length, total = [], [], 0, 0
        while total < size:
            word = self.random.choice(words)
            line.append(word)
            length += len(word) + 1
            total += len(word) + 1
            if length > (width or 400):
                lines.append(self.quoted(" ".join(line)))
                if self.random.random() < .12:
                    lines.append("")
                line, length = [], 0
        lines.append(" ".join(line))
        return "\n".join(lines)

    def quoted(self, line):
        """Some lines are quotations, some begin with a dot."""
        if self.random.random() < .03:
            return "> " + line
        return "." + line if self.random.random() < .01 else line

    def html(self, charset, size):
        lines = ['<html><head><meta charset="%s"><style>p { margin: 0 }</style></head><body>' % charset]
        total = 0
        while total < size:
            text = self.prose(charset, self.random.randint(80, 500), 0).replace("\n", " ")
            line = '<p class=MsoNormal style="color:#%06x"><a href="https://www.%s/?id=%d&amp;x=%d">%s</a></p>' % (
                self.random.randrange(1 << 24), self.random.choice(DOMAINS), self.random.randrange(10**9),
                self.random.randrange(10**6), text)
            lines.append(line)
            total += len(line)
        lines.append("</body></html>")
        return "\n".join(lines)

    def encoded_words(self, text, charset):
        """The text as encoded words of at most 75 characters, folded (RFC 2047); ASCII stays as it is."""
        if all(32 <= ord(c) < 127 for c in text):
            return text
        method = "B" if charset in WIDE and self.random.random() < .6 else "Q"
        if charset == "iso-2022-jp":
            method = "B"
        words, current = [], ""
        for character in text:
            if current and len(self.encoded_word(current + character, charset, method)) > 75:
                words.append(self.encoded_word(current, charset, method))
                current = ""
            current += character
        words.append(self.encoded_word(current, charset, method))
        return "\n ".join(words)

    def encoded_word(self, text, charset, method):
        octets = encode(text, charset)
        if method == "B":
            name = charset.upper() if self.random.random() < .5 else charset
            return "=?%s?B?%s?=" % (name, base64.b64encode(octets).decode())
        return "=?%s?Q?%s?=" % (charset, "".join(
            "_" if c == 32 else chr(c) if chr(c).isalnum() and c < 127 else "=%02X" % c for c in octets))

    def person(self, charset="us-ascii"):
        first, last = self.random.choice(FIRST_NAMES), self.random.choice(LAST_NAMES)
        address = "%s.%s%d@%s" % (first.lower(), last.lower(), self.random.randrange(1000), self.random.choice(DOMAINS))
        form = self.random.random()
        if charset != "us-ascii" and form < .3:
            phrase = self.encoded_words(self.random.choice(WORDS[charset]) + " " + last, charset)
            return "%s <%s>" % (phrase, address)
        if form < .45:
            return "%s %s <%s>" % (first, last, address)
        if form < .65:
            return '"%s, %s" <%s>' % (last, first, address)
        if form < .7:
            return "%s (%s %s)" % (address, first, last)
        return address

    def date(self):
        r = self.random
        return "%s, %d %s %d %02d:%02d:%02d %s" % (
            r.choice(DAYS), r.randint(1, 28), r.choice(MONTHS), r.randint(1998, 2025), r.randrange(24), r.randrange(60),
            r.randrange(60), r.choice(["+0000", "-0500", "+0100", "+0530", "-0800", "GMT"]))

    def identifier(self):
        return "<%032x@%s>" % (self.random.getrandbits(128), self.random.choice(DOMAINS))

    def signature(self, size):
        text = base64.b64encode(self.random.randbytes(size)).decode()
        return "\n\t".join(text[i:i + 66] for i in range(0, len(text), 66))
