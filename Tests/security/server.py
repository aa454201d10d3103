"""An SMTP server with TLS for tests, which keeps each octet that it saw, in clear and after a handshake."""
import base64
import hashlib
import hmac
import socket
import ssl
import threading

CHALLENGE = b"<1896.697170952@mail.example>"


def context_of(file, key, *, minimum=None, maximum=None):
    """A context of a server that takes whatever OpenSSL can do, weak keys and old versions too."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.load_cert_chain(file, key)
    if maximum:
        context.minimum_version, context.maximum_version = minimum or maximum, maximum
    return context


class Connection:
    """What one connection brought."""

    def __init__(self):
        self.clear, self.secret = bytearray(), bytearray()
        self.version, self.is_reused, self.name = None, False, None
        self.mails = []                 # (body, was TLS on, who had logged in)
        self.answers = []               # what was said in exchanges of AUTH, as it stood on the wire
        self.is_over = threading.Event()

    @property
    def octets(self):
        return bytes(self.clear + self.secret)

    def lines(self, secret):
        return bytes(self.secret if secret else self.clear).split(b"\r\n")


class Ended(Exception):
    pass


class Stream:
    def __init__(self, sock, connection):
        self.sock, self.connection, self.buffer, self.is_secret = sock, connection, b"", False

    def secure(self, context):
        self.sock = context.wrap_socket(self.sock, server_side=True)
        self.is_secret, self.buffer = True, b""
        self.connection.version, self.connection.is_reused = self.sock.version(), self.sock.session_reused

    def more(self):
        octets = self.sock.recv(65536)
        if not octets:
            raise Ended
        log = self.connection.secret if self.is_secret else self.connection.clear
        log.extend(octets)
        self.buffer += octets

    def line(self):
        while b"\r\n" not in self.buffer:
            self.more()
        line, self.buffer = self.buffer.split(b"\r\n", 1)
        return line

    def body(self):
        while not self.buffer.startswith(b".\r\n") and b"\r\n.\r\n" not in self.buffer:
            self.more()
        body, self.buffer = (b"\r\n" + self.buffer).split(b"\r\n.\r\n", 1)
        return body[2:]

    def say(self, *lines):
        self.sock.sendall("".join("%s\r\n" % line for line in lines).encode())


class Server:
    """Listens on all addresses.

    tls: "none", "offered", "implicit", a reply to STARTTLS, or "inject": a reply and one more in the same write.
    handshake: "done", "drop", "plaintext". truncate: the connection is cut after the reply to the dot that never comes.
    mechanisms: what AUTH offers, in clear and under TLS. secrets: name to password or token. refusal: the reply to a wrong login.
    told: the challenge that says why a token is refused, and that of DIGEST-MD5. binding, scram_error: the one kind of channel binding
    that SCRAM takes, and the `e=` of its last message for any other; without it any other is refused at once. greeting, final: the words
    of these replies. more: what else EHLO offers.
    """

    def __init__(self, context=None, *, tls="offered", handshake="done", mechanisms=("PLAIN",), under_tls=None, secrets=None,
                 refusal="535 5.7.8 wrong", truncate=False, offers_again=False, port=0,
                 told=b'{"status":"401"}', binding=b"", scram_error=b"", greeting="mail.example ESMTP", final="2.0.0 taken",
                 more=()):
        self.context, self.tls, self.handshake, self.truncate = context, tls, handshake, truncate
        self.offers_again, self.told = offers_again, told
        self.binding, self.scram_error = binding, scram_error
        self.greeting, self.final, self.more = greeting, final, list(more)
        self.mechanisms = list(mechanisms)
        self.under_tls = self.mechanisms if under_tls is None else list(under_tls)
        self.secrets, self.refusal = secrets or {}, refusal
        self.connections = []
        self.socket = socket.create_server(("", port), backlog=64)
        self.port = self.socket.getsockname()[1]
        self.thread = threading.Thread(target=self.accept, daemon=True)
        self.thread.start()

    def accept(self):
        while True:
            try:
                sock, _ = self.socket.accept()
            except OSError:
                return
            connection = Connection()
            self.connections.append(connection)
            threading.Thread(target=self.serve, args=(sock, connection), daemon=True).start()

    def taken(self):
        """The connections since the last call, when all of them are over."""
        connections, self.connections = self.connections, []
        for connection in connections:
            connection.is_over.wait(10)
        return connections

    def stop(self):
        # `accept` ends by the first, but not by the second: it would go on with whatever gets the descriptor's number next.
        self.socket.shutdown(socket.SHUT_RDWR)
        self.thread.join()
        self.socket.close()

    def serve(self, sock, connection):
        sock.settimeout(20)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        stream = Stream(sock, connection)
        try:
            if self.tls == "implicit":
                self.start_tls(stream)
            stream.say("220 " + self.greeting)
            self.session(stream, connection)
        except (Ended, OSError):
            pass
        finally:
            stream.sock.close()
            connection.is_over.set()

    def start_tls(self, stream):
        if self.handshake == "drop":
            stream.sock.recv(1)
            raise Ended
        if self.handshake == "plaintext":
            if not self.tls == "implicit":
                stream.sock.recv(1000)
            stream.say("250 mail.example", "250 mail.example")
            raise Ended
        stream.secure(self.context)

    def session(self, stream, connection):
        user = None
        while True:
            line = stream.line()
            verb = line.split(b" ")[0].upper()
            if verb == b"EHLO":
                names = self.under_tls if stream.is_secret else self.mechanisms
                words = ["mail.example", "8BITMIME", "PIPELINING", *self.more]
                # A line may have 64 KB.
                words += ["AUTH " + " ".join(names[start:start + 5000]) for start in range(0, len(names), 5000)]
                words += ["STARTTLS"] if self.tls not in ("none", "implicit") and (self.offers_again or not stream.is_secret) else []
                stream.say(*["250-" + word for word in words[:-1]], "250 " + words[-1])
            elif verb == b"STARTTLS":
                if self.tls not in ("offered", "inject"):
                    stream.say(self.tls)
                    continue
                stream.say("220 go on", *["250 injected"] * (self.tls == "inject"))
                self.start_tls(stream)
                user = None
            elif verb == b"AUTH":
                user = self.log_in(stream, connection, line.split(b" ")[1:])
                stream.say("235 2.7.0 welcome" if user else self.refusal)
            elif verb == b"DATA":
                stream.say("354 go on")
                connection.mails.append((stream.body(), stream.is_secret, user))
                if self.truncate:
                    # Not by `unwrap`: no close_notify is sent.
                    raise Ended
                stream.say("250 " + self.final)
            elif verb == b"QUIT":
                stream.say("221 bye")
                return
            else:
                stream.say("250 fine")

    def log_in(self, stream, connection, words):
        """The name of who logged in, or None."""
        mechanism = words[0].decode().upper()

        def answer(challenge=b""):
            stream.say("334 " + base64.b64encode(challenge).decode())
            return noted(stream.line())

        def noted(text):
            if text == b"*":
                return b""
            connection.answers.append(text)
            return base64.b64decode(text)

        first = noted(words[1]) if words[1:] else None
        if mechanism == "PLAIN":
            _, name, password = (first if first is not None else answer()).split(b"\0")
            return self.known(name, password)
        if mechanism == "LOGIN":
            name = first if first is not None else answer(b"Username:")
            return self.known(name, answer(b"Password:"))
        if mechanism == "CRAM-MD5":
            name, _, digest = answer(CHALLENGE).rpartition(b" ")
            wanted = hmac.new(self.secrets.get(name.decode(), "").encode(), CHALLENGE, hashlib.md5).hexdigest()
            return name.decode() if digest.decode() == wanted else None
        if mechanism in ("SCRAM-SHA-256", "SCRAM-SHA-256-PLUS"):
            return self.scram(first, answer)
        if mechanism == "DIGEST-MD5":
            answer(self.told)
        if mechanism == "XOAUTH2":
            said = first if first is not None else answer()
            if not said:
                return None
            name, token = said.split(b"\1")[:2]
            name = name.removeprefix(b"user=")
            if self.known(name, token.removeprefix(b"auth=Bearer ")):
                return name.decode()
            answer(self.told)
        return None

    def scram(self, first, answer):
        """RFC 5802. The client's proof is not looked at."""
        flag, _, bare = first.partition(b",,")
        is_bound = flag == b"p=" + self.binding
        if not is_bound and not self.scram_error:
            return None
        name, nonce = (part[2:] for part in bare.split(b","))
        told = b"r=%sserver,s=%s,i=4096" % (nonce, base64.b64encode(b"salt"))
        said = answer(told).rpartition(b",p=")[0]
        if not is_bound:
            answer(b"e=" + self.scram_error)
            return None
        salted = hashlib.pbkdf2_hmac("sha256", self.secrets[name.decode()].encode(), b"salt", 4096)
        key = hmac.digest(salted, b"Server Key", "sha256")
        answer(b"v=" + base64.b64encode(hmac.digest(key, b",".join((bare, told, said)), "sha256")))
        return name.decode()

    def known(self, name, secret):
        name = name.decode()
        return name if name in self.secrets and self.secrets[name].encode() == secret else None
