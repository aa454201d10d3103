"""aiosmtpd with STARTTLS, for P16: tls_server.py PORT CERTIFICATE KEY [forgetful]; mail is thrown away.

A forgetful one cannot resume sessions: two contexts take turns, and neither can read the other's tickets.
"""
import itertools
import signal
import ssl
import sys

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink

PORT, CERTIFICATE, KEY, *FORGETFUL = sys.argv[1:]


def context():
    made = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    made.load_cert_chain(CERTIFICATE, KEY)
    return made


CONTEXTS = itertools.cycle([context() for _ in range(2 if FORGETFUL else 1)])


class Server(Controller):
    def factory(self):
        self.SMTP_kwargs["tls_context"] = next(CONTEXTS)
        return super().factory()


Server(Sink(), hostname="127.0.0.1", port=int(PORT), server_hostname="localhost", tls_context=next(CONTEXTS)).start()
signal.sigwait([signal.SIGTERM])
