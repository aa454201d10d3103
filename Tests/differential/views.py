"""What a reader makes of a mail, ours or Python's, in one form."""

import dataclasses
import email
import email.errors
import email.header
import email.policy
import email.utils
import functools
import inspect
import re

# Fields that getheader computes from the entity, so their octets are not compared.
COMPUTED = {"mime-version", "content-type", "content-transfer-encoding", "content-md5"}
ADDRESS_FIELDS = {"from", "to", "cc"}
# Fields that Python's default policy writes anew from what it read: their parts are compared instead of their text.
STRUCTURED = ADDRESS_FIELDS | {"date", "content-disposition"}
PARAMETERS = ("charset", "boundary", "name", "filename")

# Newer versions of Python refuse domain literals, groups and routes unless they are told not to be strict.
if "strict" in inspect.signature(email.utils.getaddresses).parameters:
    getaddresses = functools.partial(email.utils.getaddresses, strict=False)
else:
    getaddresses = email.utils.getaddresses


@dataclasses.dataclass
class Field:
    name: str
    value: str  # as it stands, octets as characters, folds as LF and blanks
    text: str  # what it means
    addresses: list  # of an address field: pairs of address and phrase
    date: int = None  # of Date: seconds since 1970, None if it cannot be read
    error: str = ""  # what the reader failed with
    isBroken: bool = False  # whether it found something wrong with the value


@dataclasses.dataclass
class Entity:
    path: str
    type: str
    isLeaf: bool
    encoding: str = ""
    header: bytes = b""  # the header section, of ours only
    body: bytes = b""
    defects: list = dataclasses.field(default_factory=list)
    fields: list = dataclasses.field(default_factory=list)
    parameters: dict = dataclasses.field(default_factory=dict)
    parts: list = dataclasses.field(default_factory=list)

    def all(self):
        """This entity and those in it."""
        yield self
        for part in self.parts:
            yield from part.all()


def octets(word):
    return bytes.fromhex(word[1:])


def characters(word):
    """Text of ours; Tcl 8.6 writes characters above U+FFFF as two surrogates."""
    text = octets(word).decode("utf-8", "surrogatepass")
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def ours(output):
    """The mails that ours.tcl printed: the outermost entity of each."""
    mails, entities = [], {}
    for line in output.splitlines():
        words = line.split(" ")
        if words[0] == "M":
            entities = {}
        elif words[0] == "E":
            path = characters(words[1])
            entity = Entity(path, characters(words[2]), words[4] == "1", characters(words[3]))
            entities[path] = entity
            if path:
                entities[path.rpartition(".")[0]].parts.append(entity)
            else:
                mails.append(entity)
        elif words[0] == "H":
            entity.header = octets(words[1])
        elif words[0] == "!":
            entity.defects.append(words[1])
        elif words[0] == "B":
            entity.body = octets(words[1])
        elif words[0] == "F":
            entity.fields.append(Field(octets(words[1]).decode("latin-1"), octets(words[2]).decode("latin-1"), characters(words[3]), []))
        elif words[0] == "A":
            entity.fields[-1].addresses.append((characters(words[1]), unquoted(characters(words[2]))))
            entity.fields[-1].isBroken |= words[3] != "x"
        elif words[0] == "D":
            entity.fields[-1].date = int(words[1]) if words[1] else None
        elif words[0] == "P":
            entity.parameters[words[1]] = characters(words[2])
    return mails


class Python:
    """Python's email with one policy."""

    def __init__(self, name, policy):
        self.name = name
        self.policy = policy

    def read(self, mail):
        """The mail; None if Python fails with an error."""
        try:
            message = email.message_from_bytes(mail, policy=self.policy)
        except Exception:  # the parser reads Content-Type by the policy's own, which raise all kinds of errors
            return None
        return self.entity(message, "")

    def entity(self, message, path):
        view = Entity(path, message.get_content_type(), not message.is_multipart())
        if view.isLeaf:
            view.body = message.get_payload(decode=True) or b""
        view.encoding = str(message.get("content-transfer-encoding", ""))
        view.defects = [type(defect).__name__ for defect in message.defects]
        for name, value in message.raw_items():
            if name.lower() not in COMPUTED:
                view.fields.append(self.field(message, name, str(value)))
        view.fields = grouped(view.fields)
        view.parameters = self.parameters(message)
        if view.type == "text/plain" and "charset" not in view.parameters and "content-type" not in message:
            view.parameters["charset"] = "us-ascii"  # RFC 2045 §5.2
        if message.is_multipart():
            for number, part in enumerate(message.get_payload(), 1):
                view.parts.append(self.entity(part, f"{path}.{number}".lstrip(".")))
        return view

    def parameters(self, message):
        """Those of Content-Type, or else of Content-Disposition."""
        found = {}
        for name in PARAMETERS:
            for header in ("content-type", "content-disposition"):
                try:
                    value = self.parameter(message, header, name)
                except Exception:  # Python's own parsers raise all kinds of errors
                    value = None
                if value is not None:
                    found.setdefault(name, value)
        return found

    def field(self, message, name, value):
        raw = value.encode("ascii", "surrogateescape") if value.isprintable() else value.encode("utf-8", "surrogateescape")
        view = Field(name, raw.decode("latin-1").strip(" \t\r\n\0").replace("\r\n", "\n"), None, [])
        try:
            self.decode(view, name, value)
        except Exception as error:  # Python's own parsers raise all kinds of errors
            view.error = f"{type(error).__name__}: {error}"
        return view


class Compat32(Python):
    def __init__(self):
        super().__init__("compat32", email.policy.compat32)

    def decode(self, view, name, value):
        flat = value.replace("\r", "").replace("\n", "")
        view.text = self.text(flat)
        if name.lower() in ADDRESS_FIELDS:
            view.addresses = [(clean(spec), self.text(name)) for name, spec in getaddresses([flat])]
        if name.lower() == "date":
            parsed = email.utils.parsedate_tz(flat)
            view.date = email.utils.mktime_tz(parsed) if parsed else None

    def text(self, value):
        return clean(str(email.header.make_header(email.header.decode_header(value))))

    def parameter(self, message, header, name):
        value = message.get_param(name, None, header)
        return None if value is None else clean(email.utils.collapse_rfc2231_value(value)).replace("\r", "").replace("\n", "")


class Default(Python):
    def __init__(self):
        super().__init__("default", email.policy.default)

    def decode(self, view, name, value):
        parsed = self.policy.header_fetch_parse(name, value)
        view.text = clean(str(parsed))
        view.isBroken = any(isinstance(defect, email.errors.InvalidHeaderDefect) for defect in parsed.defects)
        if name.lower() in ADDRESS_FIELDS:
            view.addresses = [(clean(address.addr_spec), clean(address.display_name)) for address in parsed.addresses]
        if name.lower() == "date":
            view.date = int(parsed.datetime.timestamp()) if parsed.datetime else None

    def parameter(self, message, header, name):
        value = message[header].params.get(name) if message[header] is not None else None
        return None if value is None else clean(value)


def unquoted(phrase):
    """A phrase without the quotes and quoted pairs that parseaddress leaves in it."""
    words = re.findall(r'"(?:[^"\\]|\\.)*"|[^"]+', phrase, re.S)
    return "".join(re.sub(r"\\(.)", r"\1", word[1:-1]) if word[:1] == '"' else word for word in words)


def clean(text):
    """Raw octets that Python kept as surrogates: UTF-8 if they are, else ISO 8859-1."""
    if text.isascii():
        return text
    raw = text.encode("utf-8", "surrogateescape")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def grouped(fields):
    """Fields as getheader lists them: those of one name together, where the first of them stands."""
    names = {}
    for field in fields:
        names.setdefault(field.name.lower(), []).append(field)
    return [field for group in names.values() for field in group]
