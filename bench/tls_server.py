"""aiosmtpd with STARTTLS, for P16: tls_server.py PORT CERTIFICATE KEY [forgetful]; mail is thrown away.

A forgetful one cannot resume sessions: each connection has keys of its own for tickets.
"""
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


class Server(Controller):
    def factory(self):
        if FORGETFUL:
            self.SMTP_kwargs["tls_context"] = context()
        return super().factory()


Server(Sink(), hostname="127.0.0.1", port=int(PORT), server_hostname="localhost", tls_context=context()).start()
signal.sigwait([signal.SIGTERM])
