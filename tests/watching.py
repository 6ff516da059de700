"""A web server on this machine: /ok is well, /moved?URL leads there, everything else is not found."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@contextmanager
def watching() -> Iterator[ThreadingHTTPServer]:
    """Listen on a free port, at `url`, for as long as the block runs; `heard` are the paths asked for."""
    heard = []

    class Watcher(BaseHTTPRequestHandler):
        def do_GET(self):
            heard.append(self.path)
            path, _, target = self.path.partition("?")
            self.send_response({"/ok": 200, "/moved": 302}.get(path, 404))
            self.send_header("Location", target)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *words):
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Watcher) as server:
        server.heard, server.url = heard, f"http://127.0.0.1:{server.server_address[1]}"
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()
