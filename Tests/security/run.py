"""What a client of ours does when TLS or a login goes wrong: run.py [-v] [PART...]; scripts/test calls it.

Parts: table (see table.py), attacks (attacks.py), logins (logins.py). mailsh is the client, the server is the test's own; the server's
address is none of loopback, in a network namespace of this process. Certificates are made by openssl(1).
"""
import argparse
import os
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "servers"))

import attacks  # noqa: E402
import logins  # noqa: E402
import network  # noqa: E402
import secrets_seen  # noqa: E402
import table  # noqa: E402
from client import Client  # noqa: E402


def leaks(answer, connections, *secrets):
    """Secrets of a send that are to be seen."""
    answers = [line for connection in connections for line in connection.answers]
    hidden = [secret.encode() for secret in secrets] + list(secrets_seen.derived(answers))
    texts = {key: value for key, value in answer.items() if key != "asked"} | {"asked": repr(answer["asked"])}
    return secrets_seen.seen(hidden, [table.USER.encode()], texts)


def table_rows(certificates):
    """Every cell: its title, and what is wrong."""
    client, servers = Client(), {}
    for cell in table.cells():
        key = (cell.kind, cell.is_implicit, cell.login)
        if key not in servers:
            servers[key] = table.server_of(*key, certificates)
        answer = client.send(cell.options(servers[key], certificates), policy=cell.answer)
        connections = servers[key].taken()
        wrong = list(table.complaints(cell, table.expected(cell), answer, connections, certificates))
        wrong += leaks(answer, connections, table.PASSWORD, table.TOKEN)
        yield str(cell), "; ".join(wrong)
    client.stop()
    for server in servers.values():
        server.stop()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("-v", action="store_true")
    parser.add_argument("parts", nargs="*")
    options = parser.parse_args()
    if not network.enter():
        # Continuous integration runs as root; others need user namespaces.
        is_root = os.getuid() == 0
        print("%s: no namespaces for network and mounts here\n0 passed, %d failed" % ("FAILED" if is_root else "skipped", is_root))
        return is_root
    parts = {"table": table_rows, "attacks": attacks.rows, "logins": logins.rows}
    passed = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        certificates = table.Certificates(folder)
        for name, rows in parts.items():
            if options.parts and name not in options.parts:
                continue
            start, before = time.monotonic(), passed + failed
            for title, wrong in rows(certificates):
                passed, failed = passed + (not wrong), failed + bool(wrong)
                if wrong or options.v:
                    print("%s: %s, %s%s" % ("FAILED" if wrong else "ok", name, title, ": " + wrong if wrong else ""), flush=True)
            print("%s: %d rows, %.0f s" % (name, passed + failed - before, time.monotonic() - start))
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
