"""A client by Python's smtplib, which knows nothing of ours: what fails for it, too, is the server's own."""
import base64
import hashlib
import hmac
import re
import smtplib
import ssl


def parts(text):
    """The attributes of a challenge."""
    return {key: quoted or plain for key, quoted, plain in re.findall(r'([a-z]+)=(?:"([^"]*)"|([^,]*))', text)}


def digest_md5(name, password, challenge):
    """RFC 2831 section 2.1.2."""
    server = parts(challenge)
    md5 = hashlib.md5
    values = {"username": name, "realm": server.get("realm", ""), "nonce": server["nonce"], "cnonce": "OA6MHXh6VqTrRk", "nc": "00000001",
              "qop": "auth", "digest-uri": "smtp/localhost"}
    start = md5(":".join((name, values["realm"], password)).encode()).digest()
    one = md5(start + ":{nonce}:{cnonce}".format(**values).encode()).hexdigest()
    two = md5(b"AUTHENTICATE:smtp/localhost").hexdigest()
    response = md5(":".join((one, values["nonce"], values["nc"], values["cnonce"], "auth", two)).encode()).hexdigest()
    return ",".join('%s=%s' % (k, v if k in ("nc", "qop") else '"%s"' % v) for k, v in values.items()) + \
        ",charset=utf-8,response=" + response


def scram(name, password, kind):
    """RFC 5802 section 3: the texts to send, by a generator that is sent those of the server."""
    def mac(key, text):
        return hmac.new(key, text.encode(), kind).digest()

    first = "n=%s,r=fyko+d2lbbFgONRv9qkxdawL" % name
    challenge = yield "n,," + first
    server = parts(challenge)
    salted = hashlib.pbkdf2_hmac(kind, password.encode(), base64.b64decode(server["s"]), int(server["i"]))
    key = mac(salted, "Client Key")
    last = "c=biws,r=" + server["r"]
    signature = mac(hashlib.new(kind, key).digest(), ",".join((first, challenge, last)))
    proof = base64.b64encode(bytes(x ^ y for x, y in zip(key, signature))).decode()
    yield last + ",p=" + proof
    yield ""


def answers(mechanism, name, secret):
    """A function as smtplib's `auth` wants it: of a challenge, None for the first, the answer."""
    if mechanism == "XOAUTH2":
        return lambda challenge=None: "user=%s\1auth=Bearer %s\1\1" % (name, secret) if challenge is None else ""
    if mechanism == "OAUTHBEARER":
        return lambda challenge=None: "n,a=%s,\1auth=Bearer %s\1\1" % (name, secret) if challenge is None else "\1"
    if mechanism == "DIGEST-MD5":
        return lambda challenge=None: None if challenge is None else (
            "" if b"rspauth" in challenge else digest_md5(name, secret, challenge.decode()))
    if mechanism.startswith("SCRAM"):
        texts = scram(name, secret, {"SCRAM-SHA-1": "sha1", "SCRAM-SHA-256": "sha256"}[mechanism])
        return lambda challenge=None: texts.send(challenge if challenge is None else challenge.decode())
    if mechanism == "EXTERNAL":
        return lambda challenge=None: name
    return None


def attempt(server, mode, mechanism, name, secret, mail, folder):
    """One mail with a login: whether it was logged in, whether the mail was taken, and the words of a refusal."""
    context = ssl.create_default_context(cafile=folder + "/ca.pem")
    if mechanism == "EXTERNAL":
        context.load_cert_chain(folder + "/client.pem", folder + "/client.key")
    if mode == "implicit":
        client = smtplib.SMTP_SSL("127.0.0.1", server.tls_port, local_hostname="localhost", context=context, timeout=20)
    else:
        client = smtplib.SMTP("127.0.0.1", server.port, local_hostname="localhost", timeout=20)
    words, is_in = "", False
    with client:
        if mode == "starttls":
            client.starttls(context=context)
        client.ehlo()
        # smtplib encodes what an answer says as ASCII, and its own mechanisms' secrets too.
        client.user, client.password = name, secret
        own = getattr(client, "auth_" + mechanism.lower().replace("-", "_"), None)
        try:
            is_in = client.auth(mechanism, answers(mechanism, name, secret) or own)[0] == 235
        except smtplib.SMTPException as error:
            words = str(error)
        try:
            client.sendmail("ann@example.com", ["bob@closed.example"], mail)
            return is_in, True, words
        except smtplib.SMTPException as error:
            return is_in, False, words + " " + str(error)
