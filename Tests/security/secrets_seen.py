"""Looks for secrets in what can be seen of a send: in plain, in base64 wherever it begins, in hex."""
import base64

SHORTEST = 6


def forms(secret):
    """The texts that must not be seen, of octets; none for a few octets, which may stand anywhere."""
    if len(secret) < SHORTEST:
        return
    yield "plain", secret
    yield "hex", secret.hex().encode()
    yield "hex", secret.hex().upper().encode()
    for shift in range(3):
        # The characters that also hold bits of what stands around are left out.
        text = base64.b64encode(bytes(shift) + secret)
        start, end = (shift * 8 + 5) // 6, (shift + len(secret)) * 8 // 6
        yield "base64", text[start:end]


def derived(answers):
    """What was said in exchanges of AUTH, as it stood on the wire and decoded, but for a name alone."""
    for line in answers:
        octets = base64.b64decode(line)
        yield line
        yield octets
        # The proofs within: a digest after a blank, the last attribute.
        for separator in (b" ", b"p=", b"response=", b"Bearer ", b"\0"):
            yield octets.rpartition(separator)[2].strip(b"\1\"")


def seen(secrets, public, texts):
    """Where one of `secrets` is to be seen; `public` are names that may be. `texts`: name to text or octets."""
    for secret in set(secrets) - set(public):
        for form, octets in forms(secret):
            for name, text in texts.items():
                if octets in (text if isinstance(text, bytes) else text.encode("utf-8", "replace")):
                    yield "%r is to be seen in %s, as %s" % (secret, name, form)
