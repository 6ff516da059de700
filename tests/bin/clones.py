"""A copy of the repository, and the programs of bin/ running in it as they would after a clone."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from ports import free_port

ROOT = Path(__file__).resolve().parents[2]
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets us look for what was left")


def wait_until(question, seconds=60):
    """Wait for an answer that is true and return it."""
    give_up = time.monotonic() + seconds
    while not (answer := question()):
        assert time.monotonic() < give_up, "waited too long"
        time.sleep(0.05)
    return answer


class Program:
    """A program of bin/ that runs in the background, its words in a file."""

    def __init__(self, command, environ, folder, log):
        self.log = log
        with open(log, "wb") as output:
            self.process = subprocess.Popen(command, cwd=folder, env=environ, stdout=output, stderr=output)

    @property
    def said(self) -> str:
        return self.log.read_text()

    def wait_for(self, pattern: str) -> str:
        """Wait until it says this, and return the group in the pattern."""

        def found():
            assert self.process.poll() is None, self.said
            return re.search(pattern, self.said)

        return wait_until(found)[1]

    def stop(self, number=signal.SIGTERM) -> int:
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(60)


class Checkout:
    """A copy of the repository. It shares the virtual environment of this suite, unless told otherwise."""

    def __init__(self, folder: Path, logs: Path):
        self.folder, self.logs, self.started = folder, logs, []

    def environ(self, **more) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
        told = {"CALORIA_VENV": sys.prefix, "PYTHONDONTWRITEBYTECODE": "1", "PORT": str(free_port())}
        return {name: value for name, value in {**kept, **told, **more}.items() if value is not None}

    def run(self, *words, python=sys.executable, **more) -> subprocess.CompletedProcess:
        return subprocess.run(
            [python, *words],
            cwd=self.folder,
            env=self.environ(**more),
            capture_output=True,
            text=True,
            timeout=120,
        )

    def start(self, *words, **more) -> Program:
        log = self.logs / f"{len(self.started)}.log"
        program = Program([sys.executable, *words], self.environ(**more), self.folder, log)
        self.started.append(program)
        return program

    def dev(self, *options, **more) -> tuple[Program, str]:
        """Start bin/dev and return it with its address once it answers."""
        program = self.start("bin/dev", *options, **more)
        return program, program.wait_for(r"Caloria is at (\S+)")

    def flask(self, *words) -> subprocess.CompletedProcess:
        return self.run("-m", "flask", *words, PORT=None, CALORIA_VENV=None)

    def files(self) -> set[str]:
        return {str(path.relative_to(self.folder)) for path in self.folder.rglob("*")}

    def processes(self) -> list[str]:
        """Which processes work in this folder, whoever started them."""
        return [name for path in Path("/proc").glob("[0-9]*/comm") if (name := self.name_if_here(path))]

    def name_if_here(self, path: Path) -> str | None:
        """The name of a process that works in this folder; it may end while it is looked at."""
        try:
            here = Path(os.readlink(path.with_name("cwd"))).is_relative_to(self.folder)
            return path.read_text() if here else None
        except OSError:
            return None
