"""The two servers, alike but for what they serve: each on a socket of its own, stopped by its process id."""

import socket
import subprocess
import sys
import tempfile
from http.client import HTTPConnection
from typing import NamedTuple

import _process
import _setup

WORKERS, THREADS = 2, 4
SHAPE = [f"--workers={WORKERS}", "--worker-class=gthread", f"--threads={THREADS}", "--keep-alive=5"]
SECONDS_FOR_AN_ANSWER = 30
BENCH = _setup.ROOT / "bench"


class Answer(NamedTuple):
    asked: str
    status: int
    body: bytes


class Server:
    def __init__(self, name, module, folder, environment, stack):
        self.name = name
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

    def ask(self, request):
        """Ask for one page; a server that is still starting answers when it has started."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=SECONDS_FOR_AN_ANSWER)
        try:
            connection.request(
                "GET", request.path, headers={"Cookie": request.cookie} if request.cookie else {}
            )
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


def trend_page(environment, stack):
    return day_page(environment, stack, "90-day trend")


def bare_page(environment, url, page_bytes, stack):
    told = {"BENCH_DATABASE_URL": url, "BENCH_PAGE_BYTES": str(page_bytes), "BENCH_THREADS": str(THREADS)}
    return Server("bare page", "bare:app", BENCH, {**environment, **told}, stack)
