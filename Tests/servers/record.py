"""Records dialogues with real servers for Tests/SMTPTests/Replays: record.py [NAME...]; needs root for most servers.

A file has what the client was asked for, an empty line, and the lines of both sides as they came: `S: ` the server's, `C: ` ours.
Every line ended with CRLF on the wire.
"""
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading

import run

FOLDER = os.path.join(run.ROOT, "Tests", "SMTPTests", "Replays")
# Name: options, recipients, subject.
DIALOGUES = {
    "plain": ({"-pipelining": 0}, ["bob@open.example"], "hello"),
    "pipelined": ({}, ["bob@open.example", "carol@open.example", "dan@open.example"], "hello"),
    "refused-recipient": ({"-atleastone": 1}, ["bob@open.example", "bad@open.example", "grey@open.example"], "hello"),
    "all-or-none": ({}, ["bob@open.example", "bad@open.example"], "hello"),
    "all-refused": ({"-atleastone": 1}, ["bad1@open.example", "bad2@open.example"], "hello"),
    "refused-dot": ({}, ["bob@open.example"], "refuse me"),
    "bdat": ({"-chunking": 1}, ["bob@open.example", "carol@open.example"], "hello"),
}
SCRIPT = r"""package require mime
package require smtp
set token [mime::initialize -canonical text/plain -encoding 7bit -header {Subject {%s}} -header {From ann@example.com} \
    -header {Message-ID <1@example.com>} -string "Hello.\n.dot\n..\n\nlast\n"]
catch { smtp::sendmessage $token -servers 127.0.0.1 -ports %d -client client.example -originator ann@example.com \
    -recipients {%s} -usetls 0 %s }
"""


def is_possible(dialogue, server):
    """What a server can say: smtp-sink takes everything, OpenSMTPD every message."""
    if dialogue == "bdat":
        return "CHUNKING" in server.offers
    if server.name == "smtp-sink":
        return dialogue in ("plain", "pipelined")
    return dialogue != "refused-dot" or server.name != "opensmtpd"


class Tap:
    """Stands between client and server for one connection, and keeps the pieces of both sides in their order."""

    def __init__(self, port):
        self.pieces, self.lock = [], threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self.serve, args=(port,))
        self.thread.start()

    def serve(self, port):
        client, _ = self.listener.accept()
        server = socket.create_connection(("127.0.0.1", port))
        back = threading.Thread(target=self.copy, args=(server, client, "S"))
        back.start()
        self.copy(client, server, "C")
        back.join()

    def copy(self, source, target, name):
        while piece := source.recv(1 << 16):
            with self.lock:
                self.pieces.append((name, piece))
                target.sendall(piece)
        try:
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def lines(self):
        """The lines of both sides; one side's piece that ends within a line goes on with its next one."""
        joined = []
        for name, piece in self.pieces:
            if joined and joined[-1][0] == name:
                joined[-1][1] += piece
            else:
                joined.append([name, piece])
        for name, octets in joined:
            assert octets.endswith(b"\r\n"), octets[-80:]
            for line in octets[:-2].split(b"\r\n"):
                yield "%s: %s" % (name, line.decode("ascii"))


def record(server, name):
    options, recipients, subject = DIALOGUES[name]
    options = dict(options, **({"-transport": "lmtp"} if server.is_lmtp else {}))
    tap = Tap(server.port)
    script = SCRIPT % (subject, tap.port, ", ".join(recipients), " ".join("%s %s" % x for x in options.items()))
    with tempfile.NamedTemporaryFile("w", suffix=".tcl") as file:
        file.write(script)
        file.flush()
        subprocess.run([run.HOSTS["mailsh"], file.name], check=True, timeout=run.LIMIT)
    tap.thread.join()
    lines = list(tap.lines())
    size = re.search(r"^C: MAIL FROM:\S+.* SIZE=(\d+)", "\n".join(lines), re.M)
    head = ["recipient: " + x for x in recipients] + (["size: " + size.group(1)] if size else [])
    head += [x for x, on in (("lmtp", server.is_lmtp), ("one at a time", options.get("-pipelining") == 0),
                             ("by chunks", options.get("-chunking")), ("at least one", options.get("-atleastone"))) if on]
    with open(os.path.join(FOLDER, "%s-%s.txt" % (server.name, name)), "w", encoding="ascii") as file:
        file.write("\n".join(head + [""] + lines) + "\n")


def main():
    os.makedirs(FOLDER, exist_ok=True)
    for name, command, pattern in run.servers(os.getuid() == 0):
        if sys.argv[1:] and name not in sys.argv[1:]:
            continue
        server = run.Server(name, command, pattern)
        try:
            assert server.ready(), name
            for dialogue in DIALOGUES:
                if is_possible(dialogue, server):
                    record(server, dialogue)
        finally:
            server.stop()


if __name__ == "__main__":
    main()
