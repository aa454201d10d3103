"""The disagreements that are understood. README.md says of each who is right, and why."""

import codecs
import re
import socket
import urllib.parse

KNOWN = []
# RFC 2047 §2, with an empty text allowed
ENCODED_WORD = r"=\?[^?\s=*]+\?(?:[qQ]\?(?:[^?\s=]|=[0-9A-Fa-f]{2})*|[bB]\?(?:[A-Za-z0-9+/]{2,4})*=*)\?="
# RFC 2183 §2, with a `;` at the end allowed
PARAMETER = r"""\s*;\s*[^\s"=;()<>@,]+\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^\s"=;()<>@,]+)"""
DISPOSITION = rf"""\s*[^\s"=;]+(?:{PARAMETER})*\s*;?\s*"""
# RFC 5322 §3.3 and §4.3, and the dashes of RFC 850
DATE = r"(?:[A-Z][a-z]{2},\s*)?\d{1,2}[ -][A-Z][a-z]{2}[ -]\d{2,4}\s+\d\d:\d\d(?::\d\d)?\s+(?:[+-]\d{4}|[A-Z]{1,3})(?:\s+\(CET\))?"


def known(*kinds, policy=None):
    """Makes a class of a predicate: of disagreements of these kinds, with that policy of Python's."""

    def add(predicate):
        def matches(found):
            return found.kind in kinds and policy in (None, found.policy) and predicate(found)

        KNOWN.append((predicate.__name__.replace("_", "-"), matches))
        return predicate

    return add


def explanation(found):
    """The name of the first class that a disagreement belongs to; None if there is none."""
    return next((name for name, matches in KNOWN if matches(found)), None)


# Structure

@known("type", "leaf", "parts", "names", "body", "value", "parameter")
def bare_cr(found):
    """A CR alone ends a line in Python, and none in ours (RFC 5322 §2.3)."""
    return re.search(rb"\r(?!\n)", found.mail)


@known("type", "leaf", "parts", "names", "body", "parameter")
def header_section_ended_early(found):
    return "MissingHeaderBodySeparatorDefect" in found.theirs.defects


@known("type", "leaf", "parameter")
def unreadable_content_type(found):
    return "invalid-content-type" in found.mine.defects


@known("names", "body")
def from_before_colon(found):
    """`From : x`: Python takes it for the line that parts the mails of an mbox file, or for the body."""
    if found.kind == "body":
        return found.python.startswith(b"From ")
    return re.search(rb"^From [^\n]*:", found.mine.header, re.M) and [n for n in found.ours if not n.startswith("from")] == [
        n for n in found.python if not n.startswith("from")
    ]


@known("parts", "leaf")
def empty_part(found):
    """Two delimiters with nothing between them: an empty part, or one delimiter said twice."""
    isDoubled = re.search(rb"^(--[^\r\n]*?)[ \t]*\r?\n\1(?:--)?[ \t]*\r?$", found.mail, re.M)
    more = len(found.mine.parts) - len(found.theirs.parts)
    return isDoubled and 0 < more <= sum(is_empty(part) for part in found.mine.parts)


def is_empty(entity):
    """Whether an entity has no octets; in a digest it is an empty message."""
    return not entity.header.strip() and not entity.body and all(is_empty(part) for part in entity.parts)


@known("parts", "leaf")
def delimiter_after_fields(found):
    """The first delimiter stands straight after the fields: for ours a part begins there, Python loses it, and empty ones after it."""
    isEarly = "missing-header-end" in found.mine.defects and found.mine.type.startswith("multipart/")
    empty = next((n for n, part in enumerate(found.mine.parts) if not is_empty(part)), len(found.mine.parts))
    return isEarly and 0 < len(found.mine.parts) - len(found.theirs.parts) <= 1 + empty


@known("parts", "leaf")
def boundary_and_dashes(found):
    """The boundary of an inner multipart is that of an outer one and two dashes."""
    boundaries = re.findall(rb'boundary="([^"\r\n]+)', found.mail)
    return any(other + b"--" == boundary for boundary in boundaries for other in boundaries)


@known("body")
def no_delimiter(found):
    """A multipart without parts: ours has all of its body; Python leaves out what follows a close-delimiter, and adds a line end."""
    return {"missing-delimiter", "missing-boundary"} & set(found.mine.defects) and found.ours.rstrip(b"\n").startswith(found.python.rstrip(b"\n"))


@known("body")
def last_line_end(found):
    """Python takes the last line end away from a part that no delimiter ends."""
    isOpen = any("missing-close-delimiter" in entity.defects for entity in found.root.all())
    return isOpen and found.ours == found.python + b"\n"


@known("type")
def raw_octets_in_type(found):
    """Octets above 127 in a type: octets or UTF-8 in ours, U+FFFD in Python."""
    mine, theirs = (re.sub(r"[^\0-\x7f]+", "?", side) for side in (found.ours, found.python))
    return mine == theirs and "\ufffd" in found.python


@known("type")
def blank_in_type(found):
    """`multipart/ mixed`: blanks may stand between the tokens (RFC 2045 §5.1, RFC 822 §3.1.4)."""
    return found.ours == re.sub(r"\s", "", found.python) != found.python


@known("leaf", "parts")
def blank_in_multipart_type(found):
    """The same of a multipart, or a NUL in its type: Python does not see its parts."""
    return re.match(r"[\s\0]*multipart[\s\0]*/[\s\0]*\w", found.theirs.type) and re.search(r"[\s\0]", found.theirs.type)


@known("type")
def nul_in_type(found):
    return "\0" in found.python and found.python.replace("\0", "") == found.ours


@known("body")
def line_before_body(found):
    """Lines that are no fields and stand last: in ours the text, whose empty line was forgotten; Python leaves them out.
    So do lines that begin with a blank where no field stands above them."""
    defects = {"InvalidHeaderDefect", "FirstHeaderLineIsContinuationDefect"} & set(found.theirs.defects)
    return {"missing-header-end", "improper-header-line"} <= set(found.mine.defects) and defects and found.ours.endswith(
        found.python)


# Bodies

@known("body")
def several_encodings(found):
    """Different Content-Transfer-Encodings: the last known one counts in ours, the first one in Python."""
    return "multiple-transfer-encodings" in found.mine.defects


@known("body")
def encoding_and_more(found):
    """A fold, a NUL, a delimiter or a word besides the encoding: Python does not know it then."""
    words = [word for word in re.split(r"[\0\s?=]+", found.theirs.encoding.lower()) if word]
    return len(words) > 0 and words[0] in ("base64", "quoted-printable") and found.theirs.encoding.lower() != words[0]


@known("body")
def quoted_printable_equals(found):
    """A `=` that begins no escape stays in ours; Python takes `==` for one `=`."""
    return "quoted-printable" in found.mine.encoding.lower() and "invalid-body" in found.mine.defects


@known("body")
def quoted_printable_blanks(found):
    """Blanks at the end of a line are padding (RFC 2045 §6.7, rule 3), also behind a soft line break; Python keeps them."""
    if "quoted-printable" not in found.mine.encoding.lower():
        return False
    if re.search(rb"=[ \t]+\r?\n", found.mail):
        return True
    mine, theirs = found.ours.split(b"\n"), found.python.split(b"\n")
    cut = [(a, b) for a, b in zip(mine, theirs) if a != b]
    ends = re.findall(rb"[ \t]\r?$", found.mail, re.M)
    return len(mine) == len(theirs) and len(cut) <= len(ends) and all(a.rstrip(b" \t") == b.rstrip(b" \t") and b.startswith(a) for a, b in cut)


@known("body")
def base64_with_faults(found):
    """Padding in the middle, junk, a lone character at the end: ours goes on with the next group; Python stops or decodes nothing."""
    return "base64" in found.mine.encoding.lower() and "invalid-body" in found.mine.defects


# Text of fields

@known("text", "failure", "addresses", policy="compat32")
def raw_octets(found):
    """Octets above 127 in a field: compat32 has no text for them."""
    return not found.fields[0].value.isascii()


@known("text", policy="compat32")
def blank_between_charsets(found):
    """compat32 writes a blank between encoded words of different charsets."""
    return found.ours.replace(" ", "") == found.python.replace(" ", "") and re.search(
        rf"{ENCODED_WORD}\s+{ENCODED_WORD}", found.fields[0].value)


@known("text", "failure", "addresses")
def unknown_charset(found):
    """An encoded word of a charset that nobody knows stays as it is; Python shows U+FFFD or raises an error."""
    return any(not is_charset(name) for name in re.findall(r"=\?([^?]*)\?[bBqQ]\?", found.fields[0].value))


def is_charset(name):
    """Whether Python knows a charset by this name; it takes away signs around it, and all but one within."""
    try:
        codecs.lookup(name)
    except (LookupError, ValueError):
        return False
    return re.fullmatch(r"[A-Za-z0-9]+(?:[!-/:-@_][A-Za-z0-9]+)*", name)


@known("failure", "addresses")
def octets_outside_charset(found):
    """An encoded word whose octets are none of its charset: ours has U+FFFD; compat32 raises an error, default shows octets."""
    if found.kind == "failure":
        return "\ufffd" in found.ours and found.python.startswith("UnicodeDecodeError")
    return any("\ufffd" in phrase for _, phrase in found.ours) and [a for a, _ in found.ours] == [a for a, _ in found.python]


@known("text", "failure", "addresses")
def malformed_encoded_word(found):
    """What looks like an encoded word but breaks RFC 2047 stays as it is in ours; Python reads some of it."""
    rest = re.sub(rf"(?<!\S){ENCODED_WORD}(?!\S)", "", found.fields[0].value)
    return "=?" in rest or "?=" in rest


@known("text", "parameter")
def nul_as_blank(found):
    """A NUL is a blank in our text."""
    return "\0" in (found.python or "") and found.python.replace("\0", " ").split() == (found.ours or "").split()


@known("addresses")
def nul_in_address(found):
    """parseaddress leaves a NUL out of an address; in a phrase it is a blank."""
    pairs = [pair for pair in found.python if not pair[0].startswith("@")]
    mine, theirs = ([re.sub(r"[\0\s\"]", "", address) for address, _ in side] for side in (found.ours, pairs))
    return any("\0" in word for pair in found.python for word in pair) and mine == [address for address in theirs if address]


@known("addresses", policy="default")
def raw_octets_in_address(found):
    """Raw octets that are no UTF-8: of the entity's charset in ours, of ISO 8859-1 in this comparison."""
    return not found.fields[0].value.isascii() and not is_utf8(found.fields[0].value.encode("latin-1"))


def is_utf8(octets):
    try:
        octets.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


@known("text", "parameter", policy="default")
def raw_octets_not_utf8(found):
    """Raw octets that are no UTF-8: ISO 8859-1 in ours, U+FFFD in Python's."""
    value = found.fields[0].value if found.fields[0] else found.mine.header.decode("latin-1")
    return "\ufffd" in (found.python or "") and not is_utf8(value.encode("latin-1"))


@known("text", policy="default")
def raw_octets_in_word(found):
    """Raw octets inside an encoded-word are of its charset in ours; Python leaves them out."""
    return re.search(r"=\?[^?\s]+\?[bBqQ]\?[!-~]*[^\x00-\x7f][^?\s]*\?=", found.fields[0].value)


# Addresses

def plain(addresses):
    return [(address, re.sub(r'["\\\s]', "", phrase)) for address, phrase in addresses]


@known("addresses")
def quotes_in_phrase(found):
    """Only quotes, backslashes and blanks of phrases differ: parseaddress leaves quoted pairs as Tcllib does."""
    return plain(found.ours) == plain(found.python)


@known("addresses", policy="default")
def odd_octet_in_address(found):
    """A control octet or a character outside US-ASCII in an address: ours keeps it as it is written, Python's form differs."""
    mine, theirs = ([(re.sub(r'["\x00-\x20\x7f]', "", address), name) for address, name in side] for side in (found.ours, found.python))
    return mine == theirs and any(re.search(r"[^\x20-\x7e]", address) for address, _ in found.ours)


@known("addresses", policy="compat32")
def comment_as_name(found):
    """compat32 takes a comment for a part of the name."""
    return "(" in found.fields[0].value and [a for a, _ in found.ours] == [a for a, _ in found.python if a]


@known("addresses", policy="compat32")
def route_or_group(found):
    """compat32 has a pair of empty strings for a group and after a last comma, and takes a route apart."""
    mine = [a for a, _ in found.ours]
    return re.search(r"<@|:|,$", found.fields[0].value) and mine == [a for a, _ in found.python if a and not a.startswith("@")]


@known("addresses", policy="compat32")
def two_at_signs(found):
    """`a@b@c`: ours is the local part `a%b`, as in Tcllib; compat32 drops the address."""
    return any("%" in address for address, _ in found.ours) and re.search(r"@[^<>,\"\s]*@", found.fields[0].value)


@known("addresses")
def completed_address(found):
    """A local part alone: parseaddress adds the name of this host, as Tcllib does."""
    host = f"@{socket.gethostname()}"
    theirs = [pair for pair in found.python if pair[0] and not pair[0].startswith("@")]
    pairs = list(zip(found.ours, theirs))
    others = [pair for pair in pairs if not pair[0][0].endswith(host)]
    return len(others) < len(pairs) and len(found.ours) == len(theirs) and all(a[0] == b[0] for a, b in others)


@known("failure", policy="default")
def python_raises(found):
    """Faults of Python's parser."""
    return found.python.split(":")[0] in {"AttributeError", "IndexError", "TypeError", "UnicodeEncodeError"}


@known("addresses")
def broken_list(found):
    """A list that breaks the grammar: each reader saves what it can."""
    return found.fields[0].isBroken or found.fields[1].isBroken


# Dates

@known("date")
def blank_before_seconds(found):
    """`10:20 :30` (obsolete syntax, RFC 5322 §4.3): Python overlooks what follows the blank, or all of it."""
    return re.search(r"\d +:\d", found.fields[0].value)


@known("date")
def dashes_and_comment(found):
    """`05-Jan-2026 10:20:30`, then a comment or a fold."""
    return re.search(r"\d-[A-Z][a-z]{2}-\d+ .*[(\n]", found.fields[0].value)


@known("date")
def nul_in_date(found):
    """A NUL is a blank (RFC 5322 §4): Python reads no such date."""
    return found.python is None and re.search(rb"^date *:[^\n]*\0", found.mine.header, re.I | re.M)


@known("date")
def three_digit_year(found):
    """`3 Jul 105`: 1900 is added (RFC 5322 §4.3); Python takes it for a year of the Middle Ages."""
    return re.search(r"[A-Z][a-z]{2}[ -]\d{3}\s", found.fields[0].value)


@known("date")
def military_zone(found):
    """`10:20 P`: the zone of that letter, as Tcllib has it; Python takes all for UTC."""
    zone = re.search(r"\d\s+([A-IK-Y])$", found.fields[0].value)
    if not zone or None in (found.ours, found.python):
        return False
    east, west = "ABCDEFGHIKLM".find(zone[1]) + 1, "NOPQRSTUVWXY".find(zone[1]) + 1
    return found.ours == found.python - (east - west) * 3600


@known("date")
def malformed_date(found):
    """A date that breaks the grammar: ours answers as Tcllib does where it finds enough."""
    return not re.fullmatch(DATE, found.fields[0].value)


# Parameters

@known("parameter")
def malformed_disposition(found):
    """A Content-Disposition that breaks the grammar: ours has what it can find; Python differs with the fault."""
    values = [field.value for field in found.mine.fields if field.name.lower() == "content-disposition"]
    return any(not re.fullmatch(DISPOSITION, value) for value in values)


@known("parameter")
def no_first_continuation(found):
    """`name*1=` without `name*0=`: ours has what is there."""
    fields = re.findall(rb"^content-(?:type|disposition)\b[^\n]*(?:\n[ \t][^\n]*)*", found.mine.header, re.I | re.M)
    pattern = rf"\b{found.what}\*(\d+)\*?\s*=".encode()
    numbers = [{int(number) for number in re.findall(pattern, field, re.I)} for field in fields]
    isFirst = "FirstHeaderLineIsContinuationDefect" in found.theirs.defects
    return any(some and (0 not in some or isFirst) for some in numbers)


@known("parameter")
def nul_among_parameters(found):
    """A NUL between parameters is a blank to ours."""
    return b"\0" in found.mine.header


@known("parameter")
def doubled_continuation(found):
    """`name*0=` twice: the first one counts in ours; Python joins both, or drops what follows."""
    numbers = re.findall(rf"\b{found.what}\*(\d+)".encode(), found.mine.header, re.I)
    return len(numbers) != len(set(numbers))


@known("parameter")
def malformed_percent(found):
    """RFC 2231 with a broken percent sign, or octets that are none of its charset."""
    texts = re.findall(rf"\b{found.what}(?:\*\d+)?\*\s*=\s*([^;\s]*)".encode(), found.mine.header, re.I)
    isBroken = any(re.search(rb"%(?![0-9A-Fa-f]{2})", text) for text in texts)
    return isBroken or any(text.count(b"'") == 1 for text in texts) or "\ufffd" in (found.ours or "")


@known("parameter")
def encoded_word_in_parameter(found):
    """RFC 2047 §5 forbids encoded words in parameters; mailers write them, and ours reads them, if they are whole."""
    return "=?" in (found.python or "") and "=?" not in (found.ours or "") or "=?" in (found.ours or "")


@known("parameter")
def unknown_charset_in_parameter(found):
    """`name*=x-none''…`: UTF-8 if it is that; Python takes it for ISO 8859-1, or shows U+FFFD."""
    names = re.findall(rf"\b{found.what}(?:\*0)?\*\s*=\s*([^';\s]*)'".encode(), found.mine.header, re.I)
    return any(not is_charset(name.decode("latin-1")) for name in names)


@known("parameter", policy="default")
def broken_word_in_parameter(found):
    """An encoded word with broken base64: each reads on in its way."""
    words = re.findall(rf'\b{found.what}\s*=\s*"=\?[^?]*\?[bB]\?([^?]*)\?='.encode(), found.mine.header, re.I)
    return any(not re.fullmatch(rb"[A-Za-z0-9+/]*=*", text) for text in words)


@known("parameter")
def raw_octets_in_extended(found):
    """`name*=utf-8''…` with raw UTF-8 besides percent signs: ours reads both; Python shows U+FFFD or reads octets as characters."""
    texts = re.findall(rf"\b{found.what}\*\s*=\s*utf-8'[^';\s]*'([^;\s]*)".encode(), found.mine.header, re.I)
    return any(not text.isascii() and urllib.parse.unquote_to_bytes(text) == (found.ours or "").encode() for text in texts)


@known("parameter", policy="default")
def star_in_extended(found):
    """`name*=utf-8''a*b`: no `*` may stand there (RFC 2231 §7); ours keeps it, Python leaves out the rest."""
    return found.ours and found.python and found.ours.startswith(found.python + "*")


@known("parameter", policy="default")
def pieces_without_charset(found):
    """`name*0*="a"; name*1="b"`: the first piece names no charset; ours reads the text, Python none."""
    return found.ours and found.python == "" and re.search(
        rf"\b{found.what}\*0\*\s*=\s*\"[^'\"]*\"".encode(), found.mine.header, re.I)


@known("parameter", policy="default")
def empty_extended(found):
    """`name*=utf-8''` and nothing more: an empty text in ours, no parameter in Python."""
    return found.ours == "" and found.python is None and re.search(
        rf"\b{found.what}\*\s*=\s*[^';\s]+'[^';\s]*'\s*(?:;|$)".encode(), found.mine.header, re.I | re.M)


@known("parameter", policy="compat32")
def raw_octets_in_parameter(found):
    return found.python is not None and "\ufffd" in found.python
