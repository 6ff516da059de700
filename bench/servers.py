"""The two servers, alike but for what they serve: each on a socket of its own, stopped by its process id."""

import json
import socket
import subprocess
import sys
import tempfile
from copy import copy
from http.client import HTTPConnection
from typing import NamedTuple

import _process
import _setup
from client import FRESH_ID, fresh_id

WORKERS, THREADS = 2, 4
SHAPE = [f"--workers={WORKERS}", "--worker-class=gthread", f"--threads={THREADS}", "--keep-alive=5"]
SECONDS_FOR_AN_ANSWER = 30
SECONDS_TO_END = 30
BENCH = _setup.ROOT / "bench"


class Answer(NamedTuple):
    asked: str
    status: int
    body: bytes


class Server:
    def __init__(self, name, module, folder, environment, stack):
        self.name, self.answered = name, 0
        self.log = stack.enter_context(tempfile.TemporaryFile("w+", errors="replace"))  # noqa: SIM115
        # A free port, bound here and handed over: nobody else can take it in between.
        with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
            self.port = listener.getsockname()[1]
            bind = f"--bind=fd://{listener.fileno()}"
            quiet = ["--log-level=warning", "--no-control-socket"]
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", module, bind, *SHAPE, *quiet],
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=self.log,
                stderr=self.log,
                pass_fds=[listener.fileno()],
                preexec_fn=_process.end_with_parent(),
            )
        stack.callback(_process.end, self.process)

    @property
    def pid(self):
        return self.process.pid

    def asked_for(self, name):
        """The same server, to be asked for something else."""
        other = copy(self)
        other.name, other.answered = name, 0
        return other

    def load(self, seconds, connections):
        """Ask as fast as it answers; return what bench/client.py found."""
        asked = {
            "port": self.port,
            "requests": [request.said_to(self.port) for request in self.requests],
            "seconds": seconds,
            "connections": connections,
        }
        done = subprocess.run(
            [sys.executable, BENCH / "client.py"],
            input=json.dumps(asked),
            stdout=subprocess.PIPE,
            text=True,
            timeout=seconds + SECONDS_TO_END,
            check=True,
            preexec_fn=_process.end_with_parent(),
        )
        return json.loads(done.stdout)

    def ask(self, request):
        """Ask for one page; a server that is still starting answers when it has started."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=SECONDS_FOR_AN_ANSWER)
        try:
            body = request.body.replace(FRESH_ID, fresh_id())
            connection.request(request.method, request.path, body=body, headers=request.headers)
            answer = connection.getresponse()
            return Answer(request.path, answer.status, answer.read())
        except OSError as error:
            return Answer(request.path, 0, str(error).encode())
        finally:
            connection.close()

    def log_tail(self):
        self.log.seek(0)
        return "\n".join(self.log.read().splitlines()[-20:])


def day_page(environment, stack, name="day page"):
    """The app as it is served in production: gunicorn reads gunicorn.conf.py, the guard asks."""
    return Server(name, "wsgi:app", _setup.ROOT, environment, stack)


def bare_page(environment, url, stack):
    return Server("bare page", "bare:app", BENCH, {**environment, "BENCH_DATABASE_URL": url}, stack)
