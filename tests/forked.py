"""Processes of the app that fork from one that has imported what takes most of a start.

Where our own code counts for nobody else it has been imported too; a server imports it anew.
"""

import atexit
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from forkserver import SIZE

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
# gunicorn is none of them: it notes the folder in which it is imported.
LIBRARIES = ["alembic.autogenerate", "alembic.config", "argon2", "babel.dates", "babel.numbers", "dotenv"]
LIBRARIES += ["email.headerregistry", "email_validator", "flask.cli", "flask_babel", "flask_login"]
LIBRARIES += ["flask_migrate.cli", "flask_sqlalchemy", "flask_wtf", "huey", "psycopg2.sql", "pyrage"]
LIBRARIES += ["smtplib", "sqlalchemy.dialects.postgresql", "sqlalchemy.dialects.sqlite", "tarfile"]
LIBRARIES += ["werkzeug.middleware.proxy_fix", "xml.etree.ElementTree"]
SECONDS = 120
# Tests may set another one: it is gone after them, and its path is too long for a socket.
TEMPORARY = tempfile.gettempdir()
# Folders whose code is the same for as long as the tests last.
CODE_THAT_STAYS = {ROOT}
STAND_IN = HERE / "stand_in.py"
# An interpreter heeds these as it starts, or a library as it is imported: who says them gets one of its own.
HEEDED_AT_THE_START = ("PYTHON", "LC_", "LD_", "TZ", "FAKETIME", "PROMETHEUS_MULTIPROC_DIR")


class Process(subprocess.Popen):
    """What Popen gives, of a process that the server has forked: it is the server's child and not ours."""

    def __init__(self, words: Sequence[str], *, code: Path | None = None, **more):
        """A socket that is handed over is number 3 there, and theirs to take, as systemd has it."""
        self._server = server(code)
        super().__init__([*map(str, words)], **more)

    def _execute_child(
        self, args, _executable, _preexec, _close, pass_fds, cwd, env, _info, _flags, _shell, *rest
    ):
        pipes, start_new_session = rest[:6], rest[11]
        own = (pipes[0], pipes[3], pipes[5])
        handed = [number if own_end < 0 else own_end for number, own_end in zip(range(3), own, strict=True)]
        request = {
            "words": args,
            "folder": os.path.abspath(cwd or "."),
            "environ": dict(os.environ if env is None else env),
            "session": start_new_session,
            "activated": bool(pass_fds),
            "tied": False,
            "umask": umask(),
            "numbers": [0, 1, 2, *range(3, 3 + len(pass_fds))],
        }
        self._link = ask(self._server, request, [*handed, *pass_fds])
        self._said = self._link.makefile()
        self.pid = int(self._said.readline())
        self._child_created = True
        self._close_pipe_fds(*pipes)

    def _internal_poll(self, **_more):
        """Read how it ended, where the server has said so."""
        return self._ended(0)

    def _wait(self, timeout):
        if self._ended(timeout) is None:
            raise subprocess.TimeoutExpired(self.args, timeout)
        return self.returncode

    def _ended(self, timeout: float | None) -> int | None:
        if self.returncode is None:
            self._link.settimeout(timeout)
            try:
                line = self._link.recv(100)
            except (BlockingIOError, TimeoutError):
                return None
            assert line, "the server of forks is gone"
            self.returncode = int(line)
            self._said.close()
            self._link.close()
        return self.returncode


def ask(path: str, request: dict, files: list[int]) -> socket.socket:
    """Have a server fork; it answers with the number of the process, and at its end with how it ended."""
    link, text = socket.socket(socket.AF_UNIX), json.dumps(request).encode()
    link.connect(path)
    socket.send_fds(link, [len(text).to_bytes(SIZE)], files)
    link.sendall(text)
    return link


@cache
def server(code: Path | None) -> str:
    """Start a server for as long as this process lasts; one with our code forks from the one without."""
    folder = tempfile.TemporaryDirectory(prefix="forks-", dir=TEMPORARY)
    atexit.register(folder.cleanup)
    path = f"{folder.name}/socket"
    words = [str(HERE / "forkserver.py"), path, *(modules_of(code) if code else LIBRARIES)]
    start = Process if code else lambda words, **more: subprocess.Popen([sys.executable, *words], **more)
    told = {name: text for name, text in os.environ.items() if not name.startswith(HEEDED_AT_THE_START)}
    told["TMPDIR"] = TEMPORARY
    process = start(words, cwd=code or ROOT, env=told, stdin=subprocess.PIPE, start_new_session=True)
    atexit.register(end, process)
    while not os.path.exists(path):
        assert process.poll() is None, "the server of forks ended"
        time.sleep(0.01)
    return path


def end(process: subprocess.Popen) -> None:
    process.stdin.close()
    process.wait()


def modules_of(code: Path) -> list[str]:
    from caloria import PARTS

    pages = [f"views.{path.stem}" for path in sorted((code / "caloria" / "views").glob("[a-z]*.py"))]
    return [f"caloria.{name}" for name in (*PARTS, *pages)]


def server_for(words: Sequence[str], folder: Path) -> Path | None:
    """The code to have been imported; a server's master imports none, and its workers import it anew."""
    is_ours = words[0] == "-c" or [*words[:2]] in (["-m", "flask"], ["-m", "caloria.guard"])
    return folder if is_ours and folder in CODE_THAT_STAYS else None


def umask() -> int:
    os.umask(now := os.umask(0))
    return now


def stand_in(file: Path, words: Sequence[str] = (), code: Path | None = None) -> None:
    """Write a program that does what `python` with these words and its own does: it has that forked."""
    known = {"words": [*words], "server": server(code), "python": sys.executable}
    known |= {"heeded": HEEDED_AT_THE_START, "lang": os.environ.get("LANG")}
    file.write_text(f"#!{sys.executable} -IS\n{STAND_IN.read_text()}main({known!r})\n")
    file.chmod(0o755)


def start(words: Sequence[str], folder: Path, environ: dict[str, str], **more) -> subprocess.Popen:
    """Start what `python` with these words is, told no more than this environment."""
    words = [*map(str, words)]
    if any(name.startswith(HEEDED_AT_THE_START) for name in environ):
        return subprocess.Popen([sys.executable, *words], cwd=folder, env=environ, **more)
    return Process(words, code=server_for(words, folder), cwd=folder, env=environ, **more)


def run(words: Sequence[str], folder: Path, environ: dict[str, str], **more) -> subprocess.CompletedProcess:
    """Run that, and keep what it says."""
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with start(words, folder, environ, **{**pipes, **more}) as process:
        try:
            out, err = process.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
    return subprocess.CompletedProcess([*words], process.returncode, out, err)
