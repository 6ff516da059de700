"""The app as it is really served: gunicorn with our own gunicorn.conf.py, and a browser that speaks HTTP."""

import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from surroundings import ROOT, environment

PATIENCE = 40


@contextmanager
def gunicorn(url: str, folder: Path = ROOT, **more: str):
    """Serve the app, or the code of another folder, on a free port for as long as the block runs."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    told = environment(url, **{"PORT": str(port), "WEB_CONCURRENCY": "1", "LOG_LEVEL": "WARNING", **more})
    process = subprocess.Popen([sys.executable, "-m", "gunicorn", "wsgi:app"], cwd=folder, env=told)
    try:
        wait_for(lambda: Browser(port).get("/health").status == 200, process)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


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

    def get(self, path: str, **headers: str) -> Answer:
        return self.send("GET", path, None, headers)

    def post(self, path: str, data: dict | None = None, **headers: str) -> Answer:
        if not self.token:
            self.token = self.get("/login").field("csrf_token")
        body = urlencode({"csrf_token": self.token, **(data or {})})
        return self.send("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded", **headers})

    def send(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        connection = self.connect()
        kept = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection.request(method, path, body, {"Host": self.host, "Cookie": kept, **headers})
        response = connection.getresponse()
        answer = Answer(response.status, dict(response.getheaders()), response.read().decode())
        connection.close()
        for said in response.headers.get_all("Set-Cookie", []):
            name, _, value = said.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer

    def connect(self) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)

    def sign_in(self, email: str, password: str) -> Answer:
        answer = self.post("/login", {"email": email, "password": password})
        if answer.status == 303:
            self.token = self.get("/account").field("csrf_token")
        return answer
