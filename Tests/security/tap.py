"""Stands between a client and a server in clear, and hears what is said in exchanges of AUTH."""
import socket
import threading


class Tap:
    """For one connection; `stop` gives the client's lines of AUTH: initial responses, and answers to challenges."""

    def __init__(self, port):
        self.octets, self.replies = {"client": b"", "server": b""}, []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self.serve, args=(port,), daemon=True)
        self.thread.start()

    def serve(self, port):
        try:
            client, _ = self.listener.accept()
        except OSError:
            return
        server = socket.create_connection(("127.0.0.1", port))
        back = threading.Thread(target=self.copy, args=(server, client, "server"), daemon=True)
        back.start()
        self.copy(client, server, "client")
        back.join()

    def copy(self, source, target, name):
        while True:
            try:
                octets = source.recv(65536)
                if not octets:
                    target.shutdown(socket.SHUT_WR)
                    return
                self.octets[name] += octets
                target.sendall(octets)
            except OSError:
                return

    def stop(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.thread.join(10)
        self.listener.close()
        lines = self.octets["client"].split(b"\r\n")
        challenges = sum(line.startswith(b"334") for line in self.octets["server"].split(b"\r\n"))
        said = []
        for number, line in enumerate(lines):
            if line.upper().startswith(b"AUTH "):
                said += line.split(b" ")[2:]
                said += [x for x in lines[number + 1:number + 1 + challenges] if b" " not in x]
        return [x for x in said if x not in (b"", b"*", b"=")]
