"""Header sections as mails have them after their journey."""
from .text import TextMaker
from .words import DOMAINS


class FieldMaker(TextMaker):
    """Makes header sections."""

    def fields(self, charset, recipients):
        """The fields of a message but those of its body."""
        return self.trace() + self.originator(charset, recipients) + self.extras() + ["MIME-Version: 1.0"]

    def trace(self):
        r = self.random
        sender = self.person().split("<")[-1].rstrip(">").split(" ")[0]
        fields = ["Return-Path: <%s>" % sender]
        for _ in range(r.randint(2, 6)):
            fields.append("Received: from %s (%s [192.0.2.%d])\n\tby %s (Postfix) with ESMTPS id %X\n\tfor <%s>; %s" % (
                r.choice(DOMAINS), r.choice(DOMAINS), r.randrange(255), r.choice(DOMAINS), r.getrandbits(40),
                "x@example.com", self.date()))
        if r.random() < .7:
            fields.append(
                "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=%s; s=sel%d;\n"
                "\th=from:to:subject:date; bh=%s;\n\tb=%s" % (
                    r.choice(DOMAINS), r.randrange(9), self.signature(32), self.signature(256)))
        if r.random() < .5:
            fields.append("Authentication-Results: mx.example.com; dkim=pass header.d=%s;\n\tspf=pass smtp.mailfrom=%s" % (
                r.choice(DOMAINS), r.choice(DOMAINS)))
        return fields

    def originator(self, charset, recipients):
        r = self.random
        fields = ["Date: " + self.date(), "From: " + self.person(charset),
                  "To: " + ",\n\t".join(self.person(charset) for _ in range(recipients))]
        if r.random() < .4:
            fields.append("Cc: " + ",\n ".join(self.person(charset) for _ in range(r.randint(1, 6))))
        subject = self.prose(charset, r.randint(15, 90), 0).replace("\n", " ")
        return fields + ["Subject: " + self.encoded_words(subject, charset), "Message-ID: " + self.identifier()]

    def extras(self):
        r = self.random
        fields = []
        if r.random() < .5:
            fields.append("References: " + "\n\t".join(self.identifier() for _ in range(r.randint(1, 12))))
        if r.random() < .3:
            fields += ["List-Id: <dev.lists.example.org>",
                       "List-Unsubscribe: <mailto:leave@lists.example.org>,\n <https://lists.example.org/u>",
                       "Precedence: list"]
        for i in range(r.randint(0, 8)):
            text = self.prose("us-ascii", r.randint(10, 120), 0).replace("\n", " ")
            fields.append("X-Custom-%d: %s" % (i, text))
        return fields
