"""The app as it is really served: gunicorn with our own gunicorn.conf.py, and a browser that speaks HTTP."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode

from forked import start
from surroundings import ROOT, environment

PATIENCE = 40


@dataclass
class Server:
    """A gunicorn that was started here."""

    process: subprocess.Popen
    port: int

    @property
    def workers(self) -> list[int]:
        """The processes that serve now, as Linux lists them."""
        tasks = Path(f"/proc/{self.process.pid}/task")
        listed = [file.read_text().split() for file in tasks.glob("*/children")]
        return [int(word) for words in listed for word in words]

    def kill(self, *workers: int) -> None:
        """Kill some of its workers, and wait until others are in their place."""
        before = len(self.workers)
        for worker in workers:
            os.kill(worker, signal.SIGKILL)
        wait_for(lambda: len({*self.workers} - {*workers}) == before)

    def end(self) -> None:
        """Stop it as an operator does: what it has begun to answer is answered."""
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@contextmanager
def gunicorn(url: str, folder: Path = ROOT, **more: str):
    """Serve the app, or the code of another folder, on a free port for as long as the block runs."""
    with server(url, folder, **more) as started:
        yield started.port


@contextmanager
def server(url: str, folder: Path = ROOT, bound: socket.socket | None = None, output=None, **more: str):
    """Serve the app, on a socket that is bound already where one is given."""
    with bound.dup() if bound else socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
        # Its script, by which it can start itself once more: __main__.py would hide Python's own http.
        command = [str(Path(sys.executable).with_name("gunicorn")), "wsgi:app"]
        if not bound:
            free.close()
        told = environment(url, PORT=str(port), **{"WEB_CONCURRENCY": "1", "LOG_LEVEL": "WARNING", **more})
        handed = [free.fileno()] if bound else []
        told |= {"LISTEN_FDS": "1"} if bound else {}
        process = start(command, folder, told, pass_fds=handed, stdout=output, stderr=output)
    started = Server(process, port)
    try:
        wait_for(
            lambda: (started.workers or not bound) and Browser(port).get("/health").status == 200, process
        )
        yield started
    finally:
        started.end()


def wait_for(question, process: subprocess.Popen | None = None, seconds: float = PATIENCE) -> None:
    """Ask until the answer is yes."""
    give_up = time.monotonic() + seconds
    while True:
        try:
            if question():
                return
        except OSError:
            pass
        assert process is None or process.poll() is None, "the server ended"
        assert time.monotonic() < give_up, "it took too long"
        time.sleep(0.1)


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    text: str

    def field(self, name: str) -> str:
        """What a field of the page's form holds."""
        tag = re.search(rf'<input(?=[^>]*\bname="{name}")[^>]*>', self.text)[0]
        return unescape(re.search(r'value="([^"]*)"', tag)[1])


@dataclass
class Browser:
    """Keeps cookies, and sends a form's token along."""

    port: int
    host: str = "localhost"
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""
    patience: float = PATIENCE
    kept: HTTPConnection | None = None

    def get(self, path: str, **headers: str) -> Answer:
        return self.send("GET", path, None, headers)

    def post(self, path: str, data: dict | None = None, **headers: str) -> Answer:
        if not self.token:
            self.token = self.get("/login").field("csrf_token")
        body = urlencode({"csrf_token": self.token, **(data or {})})
        return self.send("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded", **headers})

    def keep_alive(self) -> None:
        """Send everything over one connection from now on, as long as the server keeps it."""
        self.kept = self.connect()

    def hang_up(self) -> None:
        if self.kept:
            self.kept.close()

    @contextmanager
    def connected(self):
        connection = self.kept or self.connect()
        try:
            yield connection
        except (OSError, HTTPException):
            connection.close()
            raise
        finally:
            if not self.kept:
                connection.close()

    def send(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        kept = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        with self.connected() as connection:
            connection.request(method, path, body, {"Host": self.host, "Cookie": kept, **headers})
            response = connection.getresponse()
            answer = Answer(response.status, dict(response.getheaders()), response.read().decode())
        for said in response.headers.get_all("Set-Cookie", []):
            name, _, value = said.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer

    def connect(self) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self.port, timeout=self.patience)

    def sign_in(self, email: str, password: str) -> Answer:
        answer = self.post("/login", {"email": email, "password": password})
        if answer.status == 303:
            self.token = self.get("/account").field("csrf_token")
        return answer
