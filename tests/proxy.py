"""What stands between the app and PostgreSQL in these tests, and can be cut, slow or silent."""

import socket
import time
from contextlib import closing, suppress
from threading import Event, Lock, Thread

from sqlalchemy import URL, make_url

COMMIT = b"COMMIT\0"


class Proxy:
    """Passes bytes on to a PostgreSQL server until it is told not to."""

    def __init__(self, url: str):
        self.target = make_url(url)
        self.port = 0
        self.loses_the_answer_to_commit = False
        self.delay_seconds = 0.0
        self._speaks = Event()
        self._speaks.set()
        self._listener: socket.socket | None = None
        self._open: set[socket.socket] = set()
        self._lock = Lock()
        self.mend()

    @property
    def url(self) -> str:
        return self.target.set(host="127.0.0.1", port=self.port, query={}).render_as_string(False)

    def mend(self) -> None:
        """Let connections through again, on the same port."""
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self.port = self._listener.getsockname()[1]
        Thread(target=self._serve, args=(self._listener,), daemon=True).start()

    def cut(self) -> None:
        """End every connection at once and refuse new ones."""
        self._speaks.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._drop()

    def fall_silent(self) -> None:
        """Keep every connection, accept new ones, and pass nothing on."""
        self._speaks.clear()

    def speak(self) -> None:
        """Pass on what was said meanwhile, and whatever is said from now on."""
        self._speaks.set()

    def _drop(self) -> None:
        with self._lock:
            for end in self._open:
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
            self._open.clear()

    def _serve(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            Thread(target=self._connect, args=(client,), daemon=True).start()

    def _connect(self, client: socket.socket) -> None:
        with closing(client), suppress(OSError), closing(reach(self.target)) as server:
            with self._lock:
                self._open |= {client, server}
            answers = Thread(target=self._pass_on, args=(server, client), daemon=True)
            answers.start()
            self._pass_on(client, server)
            answers.join()

    def _pass_on(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while words := source.recv(65536):
                if self.loses_the_answer_to_commit and COMMIT in words:
                    self._commit_and_drop(words, source, sink)
                    return
                time.sleep(self.delay_seconds)
                self._speaks.wait()
                sink.sendall(words)
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _commit_and_drop(self, words: bytes, client: socket.socket, server: socket.socket) -> None:
        """Have the server commit, and end the connection before its answer is passed on."""
        self.loses_the_answer_to_commit = False
        client.shutdown(socket.SHUT_RDWR)
        server.sendall(words)


def reach(url: URL) -> socket.socket:
    """Connect to the server that an address names, by its socket or its port."""
    host = url.query.get("host") or url.host or "127.0.0.1"
    port = int(url.query.get("port") or url.port or 5432)
    if not str(host).startswith("/"):
        return socket.create_connection((host, port), timeout=10)
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(f"{host}/.s.PGSQL.{port}")
    return connection
