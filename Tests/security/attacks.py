"""What a server, or somebody between, may try; each function is a row, and yields what is wrong."""
import base64
import os
import socket
import ssl
import threading

import network
from certificates import Certificate
from client import Client, words
from secrets_seen import seen
from server import Server, context_of
from table import PASSWORD, TOKEN, USER, explained

LOGIN = {"-username": USER, "-password": PASSWORD}


class World:
    """What a row uses: a mailsh, certificates, and servers that end with it."""

    def __init__(self, certificates):
        self.certificates, self.servers = certificates, []
        self.client = Client()

    def server(self, kind="good", **more):
        server = Server(self.certificates.context(kind), **{"secrets": {USER: PASSWORD}, **more})
        self.servers.append(server)
        return server

    def options(self, *servers):
        return {"-servers": words(*[network.FAR] * len(servers)), "-ports": words(*[server.port for server in servers]),
                "-cafile": self.certificates.authority.file}

    def send(self, servers, options, **more):
        servers = servers if isinstance(servers, list) else [servers]
        return self.client.send(self.options(*servers) | options, **more)

    def stop(self):
        self.client.stop()
        for server in self.servers:
            server.stop()


def failed(answer, *parts):
    """It was an error that says so."""
    if answer["code"] == "0" or answer["status"] == "sent":
        yield "no error: %s" % answer["report"]
    for part in parts:
        if part not in answer["result"]:
            yield "the error lacks %r: %s" % (part, answer["result"])


def sent(answer, connections, *, tls=True, user=None):
    """It was sent, once, by TLS or not, by whom."""
    mails = [mail[1:] for connection in connections for mail in connection.mails]
    if answer["code"] != "0" or mails != [(tls, user)]:
        yield "code %s, mails %r: %s" % (answer["code"], mails, answer["result"])


def silent(connections, *words_of_it):
    """None of the words came, in clear or under TLS."""
    for connection in connections:
        for word in words_of_it or (b"AUTH", b"MAIL"):
            if word in connection.octets:
                yield "%r came: %r" % (word, connection.octets)


def injected_reply(world):
    """CVE-2011-0411: a reply that comes with the one to STARTTLS."""
    for login in ({}, LOGIN):
        server = world.server(tls="inject")
        yield from failed(world.send(server, login), "TLS")
        yield from silent(server.taken())


def injected_reply_with_policy(world):
    """Nobody is asked whether that is acceptable."""
    server = world.server(tls="inject")
    answer = world.send(server, LOGIN, policy="insecure")
    yield from failed(answer, "TLS")
    yield from silent(server.taken())


def forgotten_offers(world):
    """RFC 3207 section 4.2: what was offered in clear counts no more."""
    server = world.server(mechanisms=["PLAIN", "LOGIN"], under_tls=["CRAM-MD5"])
    answer = world.send(server, LOGIN)
    connections = server.taken()
    yield from sent(answer, connections, user=USER)
    if answer["mechanism"] != "CRAM-MD5" or b"AUTH PLAIN" in connections[0].octets:
        yield "the login was by %s" % answer["mechanism"]
    server = world.server(mechanisms=["PLAIN", "CRAM-MD5"], under_tls=[])
    answer = world.send(server, LOGIN | {"-tlsmode": "starttls"})
    yield from failed(answer)
    yield from silent(server.taken())


def second_handshake(world):
    """Offers of STARTTLS under TLS are passed over, and EHLO is said anew."""
    server = world.server(offers_again=True)
    answer = world.send(server, LOGIN)
    connections = server.taken()
    yield from sent(answer, connections, user=USER)
    if connections[0].octets.count(b"STARTTLS") != 1 or not connections[0].secret.startswith(b"EHLO "):
        yield "it went on as %r" % connections[0].octets


def no_login_in_clear_by_weaker_mechanism(world):
    """Where only a challenge may be answered, no refusal makes the client say the password."""
    server = world.server(tls="none", mechanisms=["PLAIN", "LOGIN", "CRAM-MD5"], secrets={USER: "another"})
    answer = world.send(server, LOGIN)
    connections = server.taken()
    yield from silent(connections, b"AUTH PLAIN", b"AUTH LOGIN")
    if b"AUTH CRAM-MD5" not in connections[0].octets or answer["ok"] == "1" or not answer["autherror"]:
        yield "told as %r %r: %r" % (answer["ok"], answer["autherror"], connections[0].octets)


def strongest_first(world):
    """The order of the server's list does not count."""
    server = world.server(mechanisms=["LOGIN", "PLAIN", "CRAM-MD5"])
    answer = world.send(server, LOGIN)
    yield from sent(answer, server.taken(), user=USER)
    if answer["mechanism"] != "CRAM-MD5":
        yield "the login was by %s" % answer["mechanism"]


def downgrade_that_the_server_sees(world):
    """RFC 5802 section 6: a server that says so is not told the password by another mechanism."""
    for mechanism, error in (("SCRAM-SHA-256", "server-does-support-channel-binding"),
                             ("SCRAM-SHA-256-PLUS", "channel-bindings-dont-match")):
        server = world.server(mechanisms=[mechanism, "PLAIN"], scram_error=error.encode())
        yield from failed(world.send(server, LOGIN), error)
        yield from silent(server.taken(), b"AUTH PLAIN", b"MAIL")


def other_channel_binding(world):
    """A server that knows no tls-exporter is offered tls-server-end-point, then the next mechanism."""
    for error in (b"", b"unsupported-channel-binding-type"):
        for binding, mechanism in ((b"tls-server-end-point", "SCRAM-SHA-256-PLUS"), (b"none", "PLAIN")):
            server = world.server(mechanisms=["SCRAM-SHA-256-PLUS", "PLAIN"], binding=binding, scram_error=error)
            answer = world.send(server, LOGIN)
            connections = server.taken()
            yield from sent(answer, connections, user=USER)
            if answer["mechanism"] != mechanism or connections[0].octets.count(b"AUTH SCRAM") != 2:
                yield "the login was by %s: %r" % (answer["mechanism"], connections[0].octets)


def next_mechanism(world):
    """Under TLS a 535 leads to the next one, a 4xx to none."""
    server = world.server(mechanisms=["PLAIN", "CRAM-MD5"], secrets={})
    world.send(server, LOGIN)
    if [b"AUTH PLAIN" in x.octets for x in server.taken()] != [True]:
        yield "no PLAIN after CRAM-MD5 was refused by 535"
    server = world.server(mechanisms=["PLAIN", "CRAM-MD5"], secrets={}, refusal="454 4.7.0 later")
    world.send(server, LOGIN)
    yield from silent(server.taken(), b"AUTH PLAIN")


def next_server(world):
    """Credentials go only to the server that is verified; nothing of the first is known of the second."""
    for kind in ("self-signed", "wrong name", "drop"):
        first = world.server(kind if kind != "drop" else "good", handshake="drop" if kind == "drop" else "done")
        second = world.server(mechanisms=["CRAM-MD5"])
        answer = world.send([first, second], LOGIN)
        yield from silent(first.taken())
        yield from sent(answer, second.taken(), user=USER)
        if answer["verification"] != "verified" or answer["mechanism"] != "CRAM-MD5":
            yield "told as %s, %s" % (answer["verification"], answer["mechanism"])


def truncated_after_dot(world):
    """The end of the connection without close_notify after the dot: nobody knows, and no other server is asked."""
    first, second = world.server(truncate=True), world.server()
    answer = world.send([first, second], LOGIN)
    first.taken()
    yield from failed(answer)
    if answer["retryable"] != "unknown" or second.taken():
        yield "told as %s" % answer["retryable"]


def implicit_tls_port(world):
    """A server that waits for TLS does not greet; the error says which option is meant."""
    server = world.server(tls="implicit", port=465)
    answer = world.send(server, {"-timeouts": "greeting 300"})
    yield from failed(answer, "-tlsimport")
    server.taken()


def submission_port(world):
    """On port 587 a login that fails is an error at once; elsewhere it is told, and the mail goes on without it."""
    for port, is_error in ((587, True), (0, False)):
        server = world.server(secrets={USER: "another"}, port=port)
        answer = world.send(server, LOGIN)
        connections = server.taken()
        if is_error:
            yield from failed(answer, "535")
            yield from silent(connections, b"MAIL")
            world.servers.pop().stop()
        else:
            yield from sent(answer, connections)
            if answer["ok"] != "0" or "535" not in answer["autherror"]:
                yield "told as %r %r" % (answer["ok"], answer["autherror"])
    # -tlsmode optional stops for nothing about TLS; here the login must succeed.
    server = world.server("self-signed", port=587)
    yield from failed(world.send(server, LOGIN | {"-tlsmode": "optional"}), "the server may be anybody")
    yield from silent(server.taken(), b"AUTH", b"MAIL")


def files(world):
    """Files that cannot do are an error before any connection."""
    folder = os.path.dirname(world.certificates.authority.file)
    client = world.certificates.client
    encrypted = os.path.join(folder, "encrypted.key")
    client.openssl("req", "-new", "-newkey", "rsa:2048", "-passout", "pass:secret-words", "-keyout", encrypted,
                   "-out", os.devnull, "-subj", "/CN=x")
    made = {"empty.pem": "", "broken.pem": client.pem.replace("A", "!", 3), "text.pem": "no certificate\n"}
    for name, text in made.items():
        with open(os.path.join(folder, name), "w") as file:
            file.write(text)
    empty, broken, text = (os.path.join(folder, name) for name in made)
    server = world.server()
    for options in ({"-cafile": empty}, {"-cafile": broken}, {"-cafile": text}, {"-cafile": folder + "/none.pem"},
                    {"-certfile": broken, "-keyfile": client.key}, {"-certfile": client.file, "-keyfile": encrypted},
                    {"-certfile": client.file, "-keyfile": world.certificates.of["good"].key},
                    {"-certfile": client.file, "-keyfile": folder + "/none.key"}, {"-certfile": client.file}, {"-cipher": "NONSENSE"},
                    {"-fingerprint": "md5:00"}, {"-fingerprint": "spki-sha256:00"}, {"-tlsmin": "1.9"}, {"-tlsmode": "maybe"},
                    {"-tlsmode": "none", "-tlsimport": 1}, {"-tlsmode": "starttls", "-usetls": 0}, {"-tlsmode": "starttls", "-tlsimport": 1}):
        answer = world.send(server, options)
        for what in failed(answer):
            yield "%r: %s" % (options, what)
        name = list(options.values())[0]
        if os.path.basename(str(name)) not in answer["result"] and not any(str(x) in answer["result"] for x in options.values()):
            yield "%r: the error does not say which: %s" % (options, answer["result"])
    if server.taken():
        yield "a server was asked"


def fingerprints(world):
    """The line that the error names is one that lets the mail through, and a pin that does not fit stops a good certificate."""
    server = world.server("self-signed")
    certificate = world.certificates.of["self-signed"]
    answer = world.send(server, LOGIN)
    yield from explained(answer["result"], certificate, "self-signed")
    server.taken()
    colons = ":".join(certificate.key_digest[n:n + 2] for n in range(0, 64, 2)).upper()
    for pin in ("spki-sha256:" + certificate.key_digest, "cert-sha256:" + certificate.digest, "spki-sha256:" + colons,
                "spki-sha256:" + "0" * 64 + " spki-sha256:" + certificate.key_digest):
        answer = world.send(server, LOGIN | {"-fingerprint": pin, "-tlsmode": "starttls"})
        for what in sent(answer, server.taken(), user=USER):
            yield "%s: %s" % (pin, what)
        if answer["verification"] != "pinned":
            yield "%s: told as %s" % (pin, answer["verification"])
    for tls in ("none", "454 4.7.0 no TLS today"):
        plain = world.server(tls=tls)
        answer = world.send(plain, {"-fingerprint": "spki-sha256:" + certificate.key_digest}, policy="insecure")
        yield from failed(answer, "-fingerprint sends nothing without")
        yield from silent(plain.taken())
    good = world.server()
    yield from failed(world.send(good, {"-usetls": 0, "-fingerprint": "spki-sha256:" + certificate.key_digest}), "contradicts")
    for pin in ("spki-sha256:" + certificate.key_digest, "cert-sha256:" + certificate.key_digest):
        for login in (LOGIN, {}, {"-tlsmode": "optional"}):
            yield from failed(world.send(good, login | {"-fingerprint": pin}, policy="insecure" if not login else ""),
                              world.certificates.of["good"].key_digest)
            yield from silent(good.taken())


def last_word(world):
    """What -validatecommand says of a certificate is the last word, for better and for worse, with a login and without."""
    good, bad = world.server(), world.server("self-signed")
    for login in (LOGIN, {}, {"-tlsmode": "optional"}):
        for command in ("{apply {d {return 0}}}", "{apply {d {error no}}}"):
            answer = world.send(good, login | {"-validatecommand": command[1:-1]}, policy="" if "-tlsmode" in login else "insecure")
            yield from failed(answer, "-validatecommand does not accept the certificate" if "return" in command else "-validatecommand failed")
            yield from silent(good.taken())
        answer = world.send(bad, login | {"-validatecommand": "apply {d {return 1}}"})
        yield from sent(answer, bad.taken(), user=USER if login == LOGIN else None)
    # It has the last word on the pins of the script, too, and is told that there is none that fits.
    pin = {"-fingerprint": "spki-sha256:" + "0" * 64}
    for server in (good, bad):
        for login in (LOGIN, {}, {"-tlsmode": "starttls"}, {"-require": 1}):
            for command, verification in (("apply {d {expr {[dict get $d verification] eq {failed}}}}", "accepted"),
                                          ("apply {d {return 0}}", "failed")):
                answer, connections = world.send(server, login | pin | {"-validatecommand": command}), server.taken()
                if verification == "accepted":
                    yield from sent(answer, connections, user=USER if login == LOGIN else None)
                else:
                    yield from failed(answer, "-validatecommand does not accept the certificate")
                    yield from silent(connections)
                if answer["verification"] != verification:
                    yield "%r: told as %s" % (login, answer["verification"])


def name_outside_ascii(world):
    """The name of the certificate and of SNI is the ASCII form of a domain."""
    server = world.server("wrong name")
    answer = world.send(server, {"-servername": "b\u00fccher.example"})
    yield from sent(answer, server.taken())
    if "not xn--bcher-kva.example" not in answer["reason"]:
        yield "told as %r" % answer["reason"]


def long_credentials(world):
    """An initial response that is too long for the line of AUTH answers a challenge (RFC 4954, 4)."""
    for length in (300, 400, 2000, 6000):
        for mechanism in ("PLAIN", "XOAUTH2"):
            secret = "p" * length
            server = world.server(secrets={USER: secret}, mechanisms=[mechanism])
            answer = world.send(server, LOGIN | {"-password": secret, "-mechanisms": mechanism})
            connections = server.taken()
            yield from sent(answer, connections, user=USER)
            longest = max(len(line) for connection in connections for line in connection.lines(True) if line.startswith(b"AUTH"))
            if longest > 510:
                yield "AUTH %s with %d octets" % (mechanism, longest)
    server = world.server(mechanisms=["XOAUTH2"])
    answer = world.send(server, LOGIN | {"-password": "p" * 10000, "-mechanisms": "XOAUTH2", "-tlsmode": "starttls"})
    yield from failed(answer, "fits no line")
    yield from silent(server.taken(), b"MAIL")


def flood_of_mechanisms(world):
    """More mechanisms than there are cost no time."""
    server = world.server(mechanisms=["A%d" % number for number in range(100000)] + ["PLAIN"])
    answer = world.send(server, LOGIN | {"-timeout": "20s"})
    yield from sent(answer, server.taken())
    if "no mechanism" not in answer["autherror"]:
        yield "told as %r" % answer["autherror"]


def names(world):
    """The name that is verified is that of the server, or what -servername says; an address is looked for among addresses."""
    server = world.server()
    answer = world.client.send({"-servers": network.ADDRESS, "-ports": server.port, "-cafile": world.certificates.authority.file,
                                "-servername": network.FAR} | LOGIN)
    yield from sent(answer, server.taken(), user=USER)
    answer = world.client.send({"-servers": network.ADDRESS, "-ports": server.port,
                                "-cafile": world.certificates.authority.file} | LOGIN)
    yield from failed(answer, network.ADDRESS)
    yield from silent(server.taken())
    answer = world.send(server, LOGIN | {"-servername": "other.example"})
    yield from failed(answer, "other.example")
    yield from silent(server.taken())


def old_versions(world):
    """TLS 1.2 is the least, and -tlsmin asks for more."""
    server = world.server()
    server.context.maximum_version = ssl.TLSVersion.TLSv1_2
    answer = world.send(server, LOGIN)
    yield from sent(answer, server.taken(), user=USER)
    if answer["version"] != "1.2":
        yield "told as %s" % answer["version"]
    yield from failed(world.send(server, LOGIN | {"-tlsmin": "1.3"}), "version")
    yield from silent(server.taken())


def resumption(world):
    """A session is resumed by the next send, and keeps what its certificate was worth."""
    server = world.server()
    answers = [world.send(server, LOGIN) for _ in range(3)]
    connections = server.taken()
    if [x["resumed"] for x in answers] != ["0", "1", "1"] or [x.is_reused for x in connections] != [False, True, True]:
        yield "resumed: %r, by the server %r" % ([x["resumed"] for x in answers], [x.is_reused for x in connections])
    if [x["verification"] for x in answers] != ["verified"] * 3:
        yield "told as %r" % [x["verification"] for x in answers]
    bad = world.server("self-signed")
    answers = [world.send(bad, {}) for _ in range(2)]
    if [x["verification"] for x in answers] != ["failed"] * 2:
        yield "a resumed session without a verified certificate is told as %r" % [x["verification"] for x in answers]
    yield from failed(world.send(bad, LOGIN), "self-signed")
    yield from silent([x for x in bad.taken() if not x.mails])
    for answer in answers:
        if "cert-sha256:" + world.certificates.of["self-signed"].digest != answer["certificate"]:
            yield "a resumed session lacks its certificate"


def key_log(world):
    """Keys are written only where -keylog says so, whatever the environment says."""
    folder = os.path.dirname(world.certificates.authority.file)
    asked, unasked = (os.path.join(folder, name) for name in ("asked.keys", "unasked.keys"))
    client, server = Client(SSLKEYLOGFILE=unasked), world.server()
    client.send(world.options(server))
    client.send(world.options(server) | {"-keylog": asked})
    client.stop()
    server.taken()
    if os.path.exists(unasked):
        yield "SSLKEYLOGFILE is honoured"
    if not os.path.exists(asked) or "SECRET" not in open(asked).read():
        yield "-keylog wrote nothing"


def client_certificate(world):
    """A server that wants one gets it."""
    server = world.server()
    server.context.verify_mode = ssl.CERT_REQUIRED
    server.context.load_verify_locations(world.certificates.authority.file)
    client = world.certificates.client
    answer = world.send(server, LOGIN | {"-certfile": client.file, "-keyfile": client.key})
    yield from sent(answer, server.taken(), user=USER)
    answer = world.send(server, LOGIN)
    yield from failed(answer)
    if "certificate required" not in answer["result"]:
        yield "no word of the certificate that is required: %s" % answer["result"]
    server.taken()


def kept_connections(world):
    """A connection that is kept is used only by the one whose login it has."""
    for first, second, count in ((PASSWORD, PASSWORD, 1), ("another", PASSWORD, 2)):
        server = world.server(secrets={USER: PASSWORD, "zoe": "another"})
        options = world.options(server) | {"-keepalive": 1, "-tlsmode": "starttls", "-recipients": "b@example.org", "-originator": "a@example.org"}
        login = {"-username": USER if first == PASSWORD else "zoe", "-password": first}
        pairs = [word for pair in (options | login).items() for word in pair]
        before = "smtp::sendmessage $token %s" % words(*pairs)
        answer = world.send(server, options | LOGIN, before=before)
        connections = server.taken()
        users = [mail[2] for connection in connections for mail in connection.mails]
        if len(connections) != count or users != [login["-username"], USER]:
            yield "%d connections, mails of %r: %s" % (len(connections), users, answer["result"])


def expired_token(world):
    """-tokencommand is asked once more after a 535; what the server says of a wrong token is told."""
    fresh = "set ::calls 0; proc token args { if {[incr ::calls] == 1} { return expired-token-1 }; return %s }" % TOKEN
    server = world.server(mechanisms=["XOAUTH2"], secrets={USER: TOKEN})
    login = {"-username": USER, "-mechanisms": "XOAUTH2", "-tlsmode": "starttls"}
    yield from sent(world.send(server, login | {"-tokencommand": "token"}, before=fresh), server.taken(), user=USER)
    answer = world.send(server, login | {"-tokencommand": "token"}, before="proc token args { incr ::again; return expired-token-2 }")
    yield from failed(answer, "535", "401")
    if server.taken()[0].octets.count(b"AUTH ") != 2:
        yield "a token that stays wrong was not tried twice"


def broken_commands(world):
    """An error of -passwordcommand is told, and nothing is said to the server."""
    server = world.server()
    answer = world.send(server, {"-username": USER, "-passwordcommand": "secret", "-tlsmode": "starttls"},
                        before="proc secret args { error {no keyring here} }")
    yield from failed(answer, "-passwordcommand failed")
    yield from silent(server.taken())


def secrets_are_asked_late(world):
    """-passwordcommand and -tokencommand are called when the login begins, not before."""
    count = "set ::called 0; proc secret args { incr ::called; return %s }" % PASSWORD
    for kind, wanted in (("self-signed", "0"), ("good", "1")):
        server = world.server(kind)
        answer = world.send(server, {"-username": USER, "-passwordcommand": "secret"}, before=count)
        called = world.send(server, {"-dryrun": "build"}, before="error $::called")["result"]
        if called != wanted:
            yield "%s: called %s times: %s" % (kind, called, answer["result"])
        server.taken()


def echoed_secrets(world):
    """A server that says what it heard: neither error nor transcript has it."""
    heard = "535 5.7.8 wrong password %s for %s" % (PASSWORD, USER)
    for mechanism in ("PLAIN", "LOGIN"):
        server = world.server(mechanisms=[mechanism], secrets={}, refusal=heard, port=0)
        answer = world.send(server, LOGIN | {"-tlsmode": "starttls"})
        yield from failed(answer, "535")
        yield from seen([PASSWORD.encode()], [], {key: str(value) for key, value in answer.items()})
        server.taken()
    server = world.server(mechanisms=["XOAUTH2"], secrets={}, told=br'{"status": "token ya29.a0Af\/secretpart is bad"}')
    answer = world.send(server, LOGIN | {"-password": "ya29.a0Af/secretpart", "-mechanisms": "XOAUTH2"})
    yield from seen([b"secretpart"], [], {key: str(value) for key, value in answer.items()})
    if "is bad" not in answer["autherror"]:
        yield "told as %r" % answer["autherror"]
    server.taken()


def learnt_secrets(world):
    """A server that has learnt the secret before: greeting, offers, realms and the last reply do not have it."""
    told = ('realm="%s",nonce="N",algorithm=md5-sess,charset=utf-8,qop="auth"' % PASSWORD).encode()
    server = world.server(mechanisms=["DIGEST-MD5", PASSWORD], greeting="hello " + PASSWORD, more=["X " + PASSWORD], told=told,
                          final="2.0.0 queued as " + PASSWORD)
    answer = world.send(server, LOGIN | {"-realm": "other.example"})
    if answer["code"] != "0" or "the realm is none of the server's: <hidden>" not in answer["tried"]:
        yield "told as %(tried)s: %(result)s" % answer
    yield from seen([PASSWORD.encode(), PASSWORD.upper().encode()], [], {key: str(value) for key, value in answer.items()})
    answer = world.send(server, LOGIN | {"-mechanisms": "PLAIN"})
    if "no mechanism of the server's can be used" not in answer["autherror"]:
        yield "told as %(autherror)s: %(result)s" % answer
    yield from seen([PASSWORD.encode(), PASSWORD.upper().encode()], [], {key: str(value) for key, value in answer.items()})
    server.taken()


def learnt_secrets_in_certificate(world):
    """The same in a certificate, which is for nobody else."""
    authority = world.certificates.authority
    named = Certificate(os.path.dirname(authority.file), PASSWORD, names="DNS:" + PASSWORD, issuer=authority)
    nameless = Certificate(os.path.dirname(authority.file), PASSWORD, names="", issuer=authority)
    for certificate in (named, nameless):
        server = Server(context_of(certificate.file, certificate.key))
        world.servers.append(server)
        answer = world.send(server, LOGIN)
        yield from failed(answer, "<hidden>")
        if "<hidden>" not in answer["subject"]:
            yield "told as %s" % answer["subject"]
        yield from seen([PASSWORD.encode()], [], {key: str(value) for key, value in answer.items()})
        yield from silent(server.taken())


def prepared_secrets(world):
    """A password that SASLprep changes is shown in none of its forms, nor one that is cut into lines or stands within base64."""
    given, told = "\u2168hid\u00aad\u00e9nxyz", "IXhidad\u00e9nxyz"
    around = [base64.b64encode(b"x" * count + told.encode() + b"y").decode() for count in range(3)]
    around += [word.replace("+", "-").replace("/", "_") for word in around]
    refusal = "535-%s\r\n535-%s\r\n535 %s %s" % (" ".join(around), told[:6], told[6:], told)
    server = world.server(mechanisms=["LOGIN"], secrets={}, refusal=refusal)
    for login in ({"-password": given}, {"-passwordcommand": "secret"}):
        answer = world.send(server, {"-username": USER, "-tlsmode": "starttls"} | login, before="proc secret args { return {%s} }" % given)
        yield from failed(answer, "535")
        parts = [told.encode(), given.encode(), told[6:].encode()]
        yield from seen(parts, [], {key: str(value) for key, value in answer.items()})
    server.taken()


def control_characters(world):
    """CR, LF and NUL in what goes into a login or a command are refused before connecting."""
    server = world.server(mechanisms=["PLAIN", "LOGIN", "CRAM-MD5", "XOAUTH2"])
    for options in ({"-client": "a\r\nMAIL FROM:<x>"}, {"-mechanisms": "PLAIN\\r\\nX"}, {"-servername": "a\r\nb"}):
        for what in failed(world.send(server, LOGIN | options)):
            yield "%r: %s" % (options, what)
        yield from silent(server.taken(), b"MAIL")
    for options in ({"-username": "a\0b"}, {"-password": "a\0b"}, {"-username": "a\1b", "-mechanisms": "XOAUTH2"}):
        world.send(server, LOGIN | options | {"-tlsmode": "starttls"})
        yield from silent(server.taken(), b"MAIL")


def endless_handshake(world):
    """A server that says nothing in the handshake, or drips, meets a time limit."""
    listener = socket.create_server(("", 0))

    def serve():
        while True:
            try:
                peer, _ = listener.accept()
            except OSError:
                return
            peer.sendall(b"220 hello\r\n")
            peer.recv(1000)
            peer.sendall(b"250-hello\r\n250 STARTTLS\r\n")
            peer.recv(1000)
            peer.sendall(b"220 go on\r\n")
            world.kept.append(peer)

    world.kept = []
    threading.Thread(target=serve, daemon=True).start()
    answer = world.client.send({"-servers": network.FAR, "-ports": listener.getsockname()[1], "-timeout": "700"})
    yield from failed(answer)
    listener.close()


ROWS = [value for value in list(globals().values()) if getattr(value, "__module__", "") == __name__ and callable(value)
        and getattr(value, "__code__", None) and value.__code__.co_varnames[:1] == ("world",)]


def rows(certificates):
    for row in ROWS:
        world = World(certificates)
        try:
            yield row.__name__.replace("_", " "), "; ".join(row(world))
        finally:
            world.stop()
