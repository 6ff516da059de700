"""A server that speaks just enough of PostgreSQL's protocol to turn a client away, or to say nothing.

Or that passes everything on to a real one, so that a server with a socket alone can be reached by host name.
"""

import re
import socket
import struct
import threading
from contextlib import closing, contextmanager, suppress


@contextmanager
def server(answer):
    """Listen on a free port; `answer` gets each connection."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        threading.Thread(target=serve, args=(listener, answer), daemon=True).start()
        yield listener.getsockname()[1]


def serve(listener, answer):
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=answer, args=(connection,), daemon=True).start()


def refusing(message: str, code: str = "08006"):
    """Turn every client away with a FATAL error."""

    def answer(connection):
        with closing(connection):
            while True:
                head = connection.recv(8)
                if len(head) < 8:
                    return
                length, kind = struct.unpack("!II", head)
                connection.recv(length - 8)
                if kind in (80877103, 80877104):  # asks for TLS or GSS encryption
                    connection.sendall(b"N")
                    continue
                fields = b"".join(
                    letter + text.encode() + b"\0"
                    for letter, text in ((b"S", "FATAL"), (b"V", "FATAL"), (b"C", code), (b"M", message))
                )
                connection.sendall(b"E" + struct.pack("!I", len(fields) + 5) + fields + b"\0")
                return

    return answer


def silent(connection):
    """Take the connection and say nothing until the client goes."""
    with closing(connection):
        while connection.recv(1024):
            pass


def passing_on_to(path: str, as_a_pooler: bool = False):
    """Connect every client with the server behind this socket; a pooler gives each another process number."""
    change = renumbered if as_a_pooler else bytes

    def answer(connection):
        with closing(connection), socket.socket(socket.AF_UNIX) as target:
            target.connect(path)
            threading.Thread(target=pass_on, args=(target, connection, change), daemon=True).start()
            pass_on(connection, target, bytes)

    return answer


def renumbered(received: bytes) -> bytes:
    return re.sub(rb"K\0\0\0\x0c....", b"K\0\0\0\x0c\0\0\0\1", received, flags=re.DOTALL)


def pass_on(source, target, change):
    with suppress(OSError):
        while received := source.recv(65536):
            target.sendall(change(received))
        target.shutdown(socket.SHUT_WR)
