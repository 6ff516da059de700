"""A Sentry on this machine: keeps what it is sent."""

import gzip
import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@contextmanager
def sentry() -> Iterator[ThreadingHTTPServer]:
    """Listen on a free port; `dsn` leads there, `heard` is all that came, as text."""
    heard = []

    class Keeper(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            heard.append(f"{self.path}\n{self.headers}\n{body.decode()}")
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *words):
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Keeper) as server:
        server.heard, server.dsn = heard, f"http://0123456789abcdef@127.0.0.1:{server.server_address[1]}/7"
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()


def event(message: str) -> dict:
    """The event of what came: the third line of an envelope."""
    return json.loads(message.partition("\n\n")[2].lstrip().splitlines()[2])
