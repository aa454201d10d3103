"""What an OAuth2 server says of a token (RFC 7662): tokeninfo.py PORT FILE; FILE has the good ones, NAME:TOKEN."""
import http.server
import json
import sys
import urllib.parse

with open(sys.argv[2]) as file:
    OWNERS = {token: name for name, token in (line.rstrip("\n").split(":", 1) for line in file)}


class Answers(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        form = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode("latin-1")
        asked = [value for text in (urllib.parse.urlparse(self.path).query, form) for _, value in urllib.parse.parse_qsl(text)]
        asked.append(self.headers.get("Authorization", "").removeprefix("Bearer "))
        owner = next((OWNERS[token] for token in asked if token in OWNERS), None)
        answer = {"email": owner, "active": "yes", "scope": "mail"} if owner else {"active": "no", "error": "invalid_token"}
        octets = json.dumps(answer).encode()
        self.send_response(200 if owner else 401)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(octets)))
        self.end_headers()
        self.wfile.write(octets)

    do_POST = do_GET

    def log_message(self, *words):
        pass


http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Answers).serve_forever()
