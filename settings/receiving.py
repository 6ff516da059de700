"""How gunicorn's workers take requests in: a thread begins with one when all of it is there.

Otherwise a few clients that send slowly, or stop half way, would hold every thread. What is larger than a
form goes to a thread when that much of it is there; nginx in front receives that too.
"""

import re
import time
from functools import partial
from selectors import EVENT_READ

from gunicorn.workers.gthread import TConn, ThreadWorker

KEPT_BYTES = 64 * 1024
# The app refuses so much without reading it (caloria/errors.py).
REFUSED_BYTES = 32 * 1024 * 1024
RECEIVED_WITHIN_SECONDS = 30
LENGTH = re.compile(rb"^content-length:[ \t]*(\d{1,9})[ \t]*\r$", re.IGNORECASE | re.MULTILINE)
# Sent bit by bit, or only once the head was answered.
NO_LENGTH = re.compile(rb"^(?:transfer-encoding|expect):", re.IGNORECASE | re.MULTILINE)


class Worker(ThreadWorker):
    """Keeps what arrives of a request until it can be answered in one go."""

    def __init__(self, *words, **named):
        super().__init__(*words, **named)
        self.receiving: dict[TConn, tuple[float, bytearray]] = {}

    def enqueue_req(self, conn: TConn) -> None:
        """Take in what a client sends, unless another request of its came along with the last."""
        if self.cfg.is_ssl or (conn.parser and conn.parser.unreader.buf.getvalue()):
            return super().enqueue_req(conn)
        conn.sock.setblocking(False)
        self.receiving[conn] = time.monotonic() + RECEIVED_WITHIN_SECONDS, bytearray()
        self.poller.register(conn.sock, EVENT_READ, partial(self.receive, conn))
        return None

    def receive(self, conn: TConn, _socket: object) -> None:
        """Read what is there, and hand the request on where that is all of it."""
        received = self.receiving[conn][1]
        try:
            some = conn.sock.recv(KEPT_BYTES)
        except BlockingIOError:
            return
        except OSError:
            some = b""
        received += some
        if not some or is_whole(received):
            self.leave(conn)
            conn.received = bytes(received)
            super().enqueue_req(conn)

    def leave(self, conn: TConn) -> None:
        self.poller.unregister(conn.sock)
        del self.receiving[conn]

    def handle(self, conn: TConn):
        """Have the parser begin with what was received."""
        received, conn.received = getattr(conn, "received", b""), b""
        if received:
            conn.init()
            conn.parser.unreader.unread(received)
        return super().handle(conn)

    def murder_pending(self) -> None:
        """Hang up on those who are still sending."""
        super().murder_pending()
        now = time.monotonic()
        for conn in [conn for conn, (until, _) in self.receiving.items() if until < now]:
            self.leave(conn)
            self.nr_conns -= 1
            conn.close()


def is_whole(received: bytearray) -> bool:
    """Whether a request is there from its first to its last byte, or is nothing to wait for."""
    head, end, body = received.partition(b"\r\n\r\n")
    if not end:
        return len(received) >= KEPT_BYTES
    said = LENGTH.search(head + b"\r\n")
    length = int(said[1]) if said else 0
    is_large = length > REFUSED_BYTES or len(received) >= KEPT_BYTES
    return len(body) >= length or is_large or bool(NO_LENGTH.search(head))
