"""aiosmtpd for tests: aiosmtpd_server.py DIR PORT [lmtp]; each mail becomes DIR/N.eml, exactly as it came."""
import itertools
import os
import signal
import sys

from aiosmtpd.controller import Controller
from aiosmtpd.lmtp import LMTP

FOLDER, PORT = sys.argv[1], int(sys.argv[2])
IS_LMTP = sys.argv[3:] == ["lmtp"]
COUNT = itertools.count(1)


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        for start, reply in (("bad", "550 5.1.1 unknown user"), ("grey", "450 4.2.0 come back later")):
            if address.startswith(start):
                return reply
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


class Server(Controller):
    def factory(self):
        return LMTP(self.handler, **self.SMTP_kwargs) if IS_LMTP else super().factory()


signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
Server(Handler(), hostname="127.0.0.1", port=PORT, decode_data=False, server_hostname="localhost").start()
signal.sigwait([signal.SIGTERM])
os._exit(0)
