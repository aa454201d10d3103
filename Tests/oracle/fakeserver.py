"""An SMTP server whose replies a case writes down; it records every octet the client sends."""
import fnmatch
import socket
import threading

DEFAULTS = {
    "CONNECT": "220 sink.test ESMTP ready", "HELO": "250 sink.test", "MAIL": "250 2.1.0 ok", "RCPT": "250 2.1.5 ok",
    "DATA": "354 go on", "DOT": "250 2.0.0 queued", "RSET": "250 2.0.0 ok", "NOOP": "250 ok", "QUIT": "221 2.0.0 bye",
    "QUED": "250 queued mode", "ONEX": "250 one message",
}


class Rule:
    """`VERB [GLOB] [first N | nth N] ACTION`; ACTION is `CODE TEXT` (\\n parts the lines), `raw OCTETS`, `silent`,
    `drop`, or `CODE TEXT then drop`. GLOB is matched with what follows the verb."""

    def __init__(self, text):
        words = text.split(" ")
        self.verb, self.count = words.pop(0).upper(), 0
        self.glob = "*" if self._action(words) else words.pop(0)
        self.first = self.nth = 0
        if words[0] in ("first", "nth"):
            setattr(self, words.pop(0), int(words.pop(0)))
        self.drop = words[0] == "drop" or words[-2:] == ["then", "drop"]
        self.silent = words[0] == "silent"
        reply = [] if words[0] in ("drop", "silent") else words[:-2] if self.drop else words
        self.raw = bool(reply) and reply[0] == "raw"
        self.reply = " ".join(reply[1:] if self.raw else reply)

    @staticmethod
    def _action(words):
        return words[0] in ("drop", "silent", "raw", "first", "nth") or (words[0].isdigit() and len(words[0]) == 3)

    def applies(self, verb, argument):
        if verb != self.verb or not fnmatch.fnmatchcase(argument, self.glob):
            return False
        self.count += 1
        return (not self.first or self.count <= self.first) and (not self.nth or self.count == self.nth)

    def octets(self):
        if self.raw:
            return self.reply.encode().decode("unicode_escape").encode("latin1")
        return lines(self.reply)


def lines(reply):
    """A reply on the wire: `250 a\\nb` is the two lines 250-a and 250 b."""
    if not reply:
        return b""
    code, _, text = reply.partition(" ")
    parts = text.split("\\n")
    marked = [code + "-" + part for part in parts[:-1]] + [(code + " " + parts[-1]) if text else code]
    return "".join(line + "\r\n" for line in marked).encode()


class FakeServer:
    """Listens on a free port of 127.0.0.1 until stop(); transcript() tells what came."""

    def __init__(self, rules=(), offers=()):
        self.rules, self.offers = [Rule(r) for r in rules], list(offers)
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=16)
        self.port = self.listener.getsockname()[1]
        self.sessions, self.lock = [], threading.Lock()
        self.thread = threading.Thread(target=self._accept, daemon=True)
        self.thread.start()

    def _accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            session = Session(self, connection)
            self.sessions.append(session)
            session.start()

    def stop(self):
        """Takes no new connections; waits until the clients of the old ones are gone."""
        self.listener.shutdown(socket.SHUT_RDWR)
        self.thread.join(5)
        self.listener.close()
        for session in self.sessions:
            session.join(5)
            if session.is_alive():
                session.connection.shutdown(socket.SHUT_RDWR)
                session.join(5)

    def answer(self, verb, argument):
        with self.lock:
            for rule in self.rules:
                if rule.applies(verb, argument):
                    return rule.octets(), rule.drop, rule.silent
        if verb == "EHLO":
            return lines("250 " + "\\n".join(["sink.test", *self.offers])), False, False
        return lines(DEFAULTS.get(verb, "502 5.5.2 what?")), verb == "QUIT", False

    def transcript(self):
        """One text line for each command line and each line of content, connection by connection."""
        return [line for session in self.sessions for line in ["connection", *session.record]]


class Session(threading.Thread):
    def __init__(self, server, connection):
        super().__init__(daemon=True)
        self.server, self.connection, self.buffer, self.record = server, connection, b"", []

    def run(self):
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.connection.settimeout(60)
        try:
            self.talk()
        except OSError:
            pass
        self.connection.close()

    def talk(self):
        """The dialogue; ends at a dropped connection or the client's end."""
        go_on = self.respond("CONNECT", "")[0]
        while go_on:
            line = self.line()
            if line is None:
                return
            self.record.append("C: " + shown(line[:-2] if line.endswith(b"\r\n") else line))
            verb, _, argument = line.decode("latin1").strip().partition(" ")
            go_on, reply = self.respond(verb.upper(), argument)
            if go_on and verb.upper() == "DATA" and reply.startswith(b"354"):
                go_on = self.data() and self.respond("DOT", "")[0]
        self.connection.shutdown(socket.SHUT_WR)
        while self.connection.recv(65536):
            pass

    def respond(self, verb, argument):
        reply, drop, silent = self.server.answer(verb, argument)
        if not silent:
            try:
                self.connection.sendall(reply)
            except OSError:
                pass                            # the client is gone; what it sent before is still to be read
        return not drop, reply

    def more(self):
        octets = self.connection.recv(65536)
        self.buffer += octets
        return bool(octets)

    def line(self):
        while b"\n" not in self.buffer:
            if not self.more():
                if self.buffer:
                    self.record.append("C (no end of line): " + shown(self.buffer))
                return None
        end = self.buffer.index(b"\n") + 1
        line, self.buffer = self.buffer[:end], self.buffer[end:]
        return line

    def data(self):
        """Records the content as it came, transparency included; False if the end is missing."""
        self.buffer = b"\r\n" + self.buffer
        while b"\r\n.\r\n" not in self.buffer:
            if not self.more():
                self.content(self.buffer[2:])
                self.record.append("(no final dot)")
                return False
        content, _, self.buffer = self.buffer.partition(b"\r\n.\r\n")
        self.content(content[2:] + b"\r\n" if content else b"")
        self.record.append("D: .")
        return True

    def content(self, octets):
        content = octets.split(b"\r\n")
        if content[-1] == b"":
            content.pop()
        self.record += ["D: " + shown(line) for line in content]


def shown(octets):
    """Octets as text of printable ASCII."""
    return octets.decode("latin1").encode("unicode_escape").decode("ascii").replace("\\\\", "\\")
