"""After a login by each mechanism, right and wrong, nothing that a script can see has the secret, or what was derived from it.

The server is `smtp::sink`; what the client says to it is read on the way.
"""
import os
import subprocess
import tempfile

import secrets_seen
from client import MAILSH, Client, words
from table import PASSWORD, TOKEN, USER
from tap import Tap

PASSWORDS = ("CRAM-MD5", "DIGEST-MD5", "NTLM", "SCRAM-SHA-1", "SCRAM-SHA-256", "PLAIN", "LOGIN")
TOKENS = ("XOAUTH2", "OAUTHBEARER")
SINK = r"""package require smtp
foreach mechanism [gets stdin] {
    set token [smtp::sink start -users [list %s {%s}] -tokens [list %s {%s}] -mechanisms [list $mechanism]]
    puts "$mechanism [smtp::sink port $token]"
}
flush stdout
gets stdin
""" % (USER, PASSWORD, USER, TOKEN)
# Options that are wrong: none of the errors repeats the others' values.
MISTAKES = {
    "an unknown option": {"-password": PASSWORD, "-bogus": 1}, "a bad boolean": {"-password": PASSWORD, "-usetls": "maybe"},
    "a bad port": {"-password": PASSWORD, "-ports": "none"}, "a bad mode": {"-password": PASSWORD, "-tlsmode": "x"},
    "the password as another option": {"-usetls": PASSWORD}, "as a mechanism": {"-mechanisms": "PLAIN", "-password": PASSWORD, "-realm": "a\r\nb"},
}


class Sinks:
    """A mailsh with a sink for each mechanism."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        script = os.path.join(self.folder.name, "sink.tcl")
        with open(script, "w") as file:
            file.write(SINK)
        self.process = subprocess.Popen([MAILSH, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.process.stdin.write(" ".join(PASSWORDS + TOKENS) + "\n")
        self.process.stdin.flush()
        self.ports = {}
        for _ in PASSWORDS + TOKENS:
            mechanism, port = self.process.stdout.readline().split()
            self.ports[mechanism] = int(port)

    def stop(self):
        self.process.stdin.close()
        self.process.wait(10)
        self.folder.cleanup()


def visible(answer):
    return {key: str(value) for key, value in answer.items()}


def attempts(mechanism):
    """Title, options, a script before, the secret, and whether it is the right one."""
    right = TOKEN if mechanism in TOKENS else PASSWORD
    wrong = right[:-1] + "Q"
    command = "-tokencommand" if mechanism in TOKENS else "-passwordcommand"
    yield "right", {"-password": right}, "", right, True
    yield "wrong", {"-password": wrong}, "", wrong, False
    yield "right, by a command", {command: "secret"}, "proc secret args { return {%s} }" % right, right, True
    yield "wrong, by a command", {command: "secret"}, "proc secret args { return {%s} }" % wrong, wrong, False


def login_rows(client, ports):
    for mechanism, port in ports.items():
        for title, options, before, secret, is_right in attempts(mechanism):
            tap = Tap(port)
            answer = client.send({"-servers": "127.0.0.1", "-ports": tap.port, "-usetls": 0, "-username": USER,
                                  "-mechanisms": mechanism} | options, before=before)
            said = tap.stop()
            wrong = [] if (answer["ok"] == "1") == is_right else ["login %s: %s" % (answer["ok"], answer["result"] or answer["autherror"])]
            if not said:
                wrong.append("nothing was said")
            wrong += secrets_seen.seen([secret.encode(), *secrets_seen.derived(said)], [USER.encode()], visible(answer))
            yield "%s, %s" % (mechanism, title), "; ".join(wrong)


def handled_rows(client, ports):
    """The command for the password fails, and the next server takes the mail without a login: nothing tells what it said."""
    before = "proc secret args { error {gpg: the password %s is not trusted} {} {CHILDSTATUS {%s}} }\n" % (PASSWORD, PASSWORD)
    options = {"-servers": "127.0.0.1 127.0.0.1", "-ports": "%d %d" % (ports["PLAIN"], ports["LOGIN"]), "-usetls": 0, "-username": USER,
               "-mechanisms": "PLAIN", "-passwordcommand": "secret", "-originator": "ann@example.com", "-recipients": "bob@example.org"}
    pairs = words(*[word for pair in options.items() for word in pair])
    later = "set ::ended {}; smtp::sendmessage $token %s -command {set ::ended}; vwait ::ended\n" % pairs
    for title, script in (("the next server", ""), ("-command", later)):
        answer = client.send(options, before=before + script)
        wrong = [] if (answer["code"], answer["status"]) == ("0", "sent") else ["%(code)s: %(result)s" % answer]
        wrong += secrets_seen.seen([PASSWORD.encode()], [], visible(answer))
        yield "a handled error, %s" % title, "; ".join(wrong)


def mistake_rows(client):
    for title, options in MISTAKES.items():
        answer = client.send({"-servers": "127.0.0.1", "-ports": 1, "-username": USER} | options)
        wrong = [] if answer["code"] != "0" else ["no error"]
        # What is wrong may be repeated; what is not is not.
        if options.get("-password"):
            wrong += secrets_seen.seen([PASSWORD.encode()], [], visible(answer))
        yield title, "; ".join(wrong)


def capture_rows():
    """Under capture, too: no file has a secret."""
    script = """package require smtp; package require mime
set token [mime::initialize -canonical text/plain -string hello]
lassign $argv mechanism secret
catch { smtp::sendmessage $token -servers mail.example -originator a@example.com -recipients b@example.org -username %s \\
    -password $secret -mechanisms $mechanism -debug 1 } result
puts $result
""" % USER
    for mechanism in PASSWORDS + TOKENS:
        secret = TOKEN if mechanism in TOKENS else PASSWORD
        with tempfile.TemporaryDirectory() as folder:
            name, out = os.path.join(folder, "s.tcl"), os.path.join(folder, "out")
            with open(name, "w") as file:
                file.write(script)
            ended = subprocess.run([MAILSH, "--capture", out, name, mechanism, secret], capture_output=True, timeout=60)
            texts = {"standard output": ended.stdout, "standard error": ended.stderr}
            for file_name in os.listdir(out):
                # The command line is the script's own.
                with open(os.path.join(out, file_name), "rb") as file:
                    texts[file_name] = file.read().replace(b'"%s"' % secret.encode(), b"")
            wrong = list(secrets_seen.seen([secret.encode()], [], texts))
            if not any(name.endswith(".json") for name in texts):
                wrong.append("nothing was captured: %r" % ended.stderr)
            yield "captured, %s" % mechanism, "; ".join(wrong)


def rows(certificates):
    client, sinks = Client(), Sinks()
    try:
        yield from login_rows(client, sinks.ports)
        yield from handled_rows(client, sinks.ports)
        yield from mistake_rows(client)
        yield from capture_rows()
    finally:
        client.stop()
        sinks.stop()
