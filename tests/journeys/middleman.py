"""What stands between a browser and Caloria: a broken proxy, or a hotel that has one sign in."""

import http.client
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

OF_A_CONNECTION = ("connection", "transfer-encoding", "content-length", "keep-alive", "server", "date")

HOTEL = [("Content-Type", "text/html"), ("Cache-Control", "no-store")]


class Middleman(ThreadingHTTPServer):
    """Passes requests on, but for forms and pages that it answers by itself as it was told."""

    daemon_threads = True

    def __init__(self, target: str):
        super().__init__(("127.0.0.1", 0), Handler)
        self.target = urlsplit(target).netloc
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        # What is in a request, and the status that it gets; None stands for whatever comes.
        self.answers: dict[bytes | None, int] = {}

    def __enter__(self):
        Thread(target=self.serve_forever, daemon=True).start()
        return self

    def handle_error(self, request, client_address):
        """A browser may hang up."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        for part, status in self.server.answers.items():
            if part is None or part in body:
                return self.answer(status, HOTEL, b"<h1>Welcome to our hotel</h1>")
        return self.pass_on(body)

    do_POST = do_GET

    def pass_on(self, body: bytes):
        caloria = http.client.HTTPConnection(self.server.target)
        caloria.request(self.command, self.path, body, dict(self.headers))
        said = caloria.getresponse()
        headers = [pair for pair in said.getheaders() if pair[0].lower() not in OF_A_CONNECTION]
        self.answer(said.status, headers, said.read())
        caloria.close()

    def answer(self, status: int, headers: list, body: bytes):
        self.send_response(status)
        for name, value in [*headers, ("Content-Length", str(len(body)))]:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words):
        """Say nothing."""
