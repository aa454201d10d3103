"""What two views of a mail disagree on."""

import dataclasses

from views import STRUCTURED, Entity


@dataclasses.dataclass
class Disagreement:
    kind: str  # type, leaf, parts, body, names, value, text, addresses, date, parameter
    policy: str
    mail: bytes
    root: Entity  # ours
    mine: Entity
    theirs: Entity
    ours: object
    python: object
    what: str = ""  # the name of the field or parameter
    fields: tuple = (None, None)  # the field, ours and Python's

    def __str__(self):
        return f"{self.kind} {self.what} at {self.mine.path or '.'} ({self.policy}): ours {self.ours!r}, Python's {self.python!r}"


def blanks(text):
    """The text with each run of blanks as one: where a fold goes in text is left to the reader."""
    return " ".join(text.split(None)) if text is not None else None


class Comparison:
    def __init__(self, policy, mail, root):
        self.policy = policy
        self.mail = mail
        self.root = root
        self.found = []

    def tell(self, kind, mine, theirs, ours, python, what="", fields=(None, None)):
        if ours != python:
            self.found.append(Disagreement(kind, self.policy, self.mail, self.root, mine, theirs, ours, python, what, fields))
        return ours == python

    def entities(self, mine, theirs):
        """Compares two entities; where the structure differs nothing below it is compared."""
        isSame = self.tell("type", mine, theirs, mine.type, theirs.type)
        isSame &= self.tell("leaf", mine, theirs, mine.isLeaf, theirs.isLeaf)
        isSame = isSame and self.tell("parts", mine, theirs, len(mine.parts), len(theirs.parts))
        if not isSame:
            return
        if mine.isLeaf:
            self.tell("body", mine, theirs, mine.body.replace(b"\r\n", b"\n"), theirs.body.replace(b"\r\n", b"\n"))
        self.fields(mine, theirs)
        for name in sorted(mine.parameters.keys() | theirs.parameters.keys()):
            self.tell("parameter", mine, theirs, mine.parameters.get(name), theirs.parameters.get(name), name)
        for ours, python in zip(mine.parts, theirs.parts):
            self.entities(ours, python)

    def fields(self, mine, theirs):
        names = [field.name for field in mine.fields], [field.name for field in theirs.fields]
        if not self.tell("names", mine, theirs, *[[name.lower() for name in side] for side in names]):
            return
        for ours, python in zip(mine.fields, theirs.fields):
            self.field(mine, theirs, ours, python)

    def field(self, mine, theirs, ours, python):
        def tell(kind, mySide, pythonSide):
            return self.tell(kind, mine, theirs, mySide, pythonSide, ours.name, (ours, python))

        if not tell("value", blanks(ours.value), blanks(python.value)):
            return
        if python.error:
            tell("failure", ours.text, python.error)
            return
        if ours.name.lower() not in STRUCTURED:
            tell("text", blanks(ours.text), blanks(python.text))
        tell("addresses", ours.addresses, python.addresses)
        tell("date", ours.date, python.date)


def compare(policy, mail, mine, theirs):
    """All disagreements of two views."""
    comparison = Comparison(policy, mail, mine)
    comparison.entities(mine, theirs)
    return comparison.found
