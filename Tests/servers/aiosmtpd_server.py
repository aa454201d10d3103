"""aiosmtpd for tests: aiosmtpd_server.py DIR PORT; each mail becomes DIR/N.eml, exactly as it came."""
import itertools
import os
import signal
import sys

from aiosmtpd.controller import Controller

FOLDER, PORT = sys.argv[1], int(sys.argv[2])
COUNT = itertools.count(1)


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        for start, reply in (("bad", "550 5.1.1 unknown user"), ("grey", "450 4.2.0 come back later")):
            if address.startswith(start):
                return reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        name = os.path.join(FOLDER, "%d.eml" % next(COUNT))
        with open(name + ".new", "wb") as file:
            file.write(envelope.original_content)
        os.rename(name + ".new", name)
        return "250 2.0.0 taken"


signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
Controller(Handler(), hostname="127.0.0.1", port=PORT, decode_data=False, server_hostname="localhost").start()
signal.sigwait([signal.SIGTERM])
os._exit(0)
