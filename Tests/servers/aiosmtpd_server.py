"""aiosmtpd for tests: aiosmtpd_server.py DIR PORT [TLSPORT CERTIFICATES [lmtp]]; each mail becomes DIR/N.eml, exactly as it came.

PORT offers STARTTLS, TLSPORT is TLS from the start. DIR/logins has the users, NAME:PASSWORD; mail for closed.example needs a
login. Without TLSPORT there is neither TLS nor a login, and all mail is taken.
"""
import itertools
import os
import signal
import ssl
import sys

from aiosmtpd.controller import Controller
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import AuthResult

FOLDER, PORT = sys.argv[1], int(sys.argv[2])
IS_LMTP = sys.argv[5:] == ["lmtp"]
COUNT = itertools.count(1)
with open(os.path.join(FOLDER, "logins"), "rb") as logins:
    LOGINS = dict(line.rstrip(b"\n").split(b":", 1) for line in logins)


class Handler:
    def __init__(self, is_open):
        self.is_open = is_open

    async def handle_RCPT(self, server, session, envelope, address, options):
        for start, reply in (("bad", "550 5.1.1 unknown user"), ("grey", "450 4.2.0 come back later")):
            if address.startswith(start):
                return reply
        if address.endswith("closed.example") and not session.authenticated and not self.is_open:
            return "530 5.7.0 log in first"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if b"\nSubject: refuse me" in envelope.original_content:
            return "554 5.7.1 refused as asked"
        name = os.path.join(FOLDER, "%d.eml" % next(COUNT))
        with open(name + ".new", "wb") as file:
            file.write(envelope.original_content)
        os.rename(name + ".new", name)
        return "\r\n".join(["250 2.0.0 taken"] * (len(envelope.rcpt_tos) if IS_LMTP else 1))


def login(server, session, envelope, mechanism, data):
    # handled=False: aiosmtpd itself says 535.
    return AuthResult(success=LOGINS.get(data.login) == data.password, handled=False, auth_data=data)


class Server(Controller):
    def factory(self):
        return LMTP(self.handler, **self.SMTP_kwargs) if IS_LMTP else super().factory()


def start(port, **options):
    Server(Handler(not options), hostname="127.0.0.1", port=port, decode_data=False, server_hostname="localhost", **options).start()


signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
if sys.argv[3:]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(os.path.join(sys.argv[4], "server.pem"), os.path.join(sys.argv[4], "server.key"))
    start(PORT, tls_context=context, authenticator=login, auth_require_tls=False)
    start(int(sys.argv[3]), ssl_context=context, authenticator=login, auth_require_tls=False)
else:
    start(PORT)
signal.sigwait([signal.SIGTERM])
os._exit(0)
