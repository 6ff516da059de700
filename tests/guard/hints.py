"""Pasting what a refusal says under "To mend:", as an operator would."""

import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import forked
from evidence import program
from processes import KEPT

GUARD = "python -m caloria.guard"
CAPITALS = re.compile(r"\b(USER|PASSWORD|HOST|PORT|NAME|VALUE|REVISION)\b")
STATE = re.compile(r"\[(\d\d) (\w+)\]")
MEND = re.compile(r"^  To mend:   (.*\n(?: {13}.*\n)*)", re.MULTILINE)


@dataclass
class Trouble:
    """What a process is told so that it refuses, and what it answers after each way of mending that."""

    said: dict[str, str]
    then: list[int]
    # What stands for the capitals.
    fill: dict[str, str] | list[dict[str, str]] = field(default_factory=dict)
    ask: str = GUARD
    again: str = GUARD
    folder: Path | None = None
    # What the environment says, wherever the rest stands.
    beside: dict[str, str] = field(default_factory=dict)
    stdin: str = ""

    def filled(self, way: int, lines: list[str]) -> list[str]:
        fill = self.fill[way] if isinstance(self.fill, list) else self.fill
        return [CAPITALS.sub(lambda found: fill[found[0]], line) for line in lines]


@cache
def programs(code: Path) -> Path:
    """A folder with our `flask` and `python`."""
    folder = Path(tempfile.mkdtemp(prefix="programs-", dir=code.parent))
    forked.stand_in(folder / "flask", ["-m", "flask"], code)
    forked.stand_in(folder / "python", code=code)
    return folder


def shell(
    script: str, folder: Path, code: Path, environ: dict[str, str], stdin: str = ""
) -> subprocess.CompletedProcess:
    """Run a script with our `flask` and `python` first, and PostgreSQL's programs beside them."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    folders = [
        programs(code),
        Path(sys.executable).parent,
        Path(program("pg_dump")).parent,
        os.environ["PATH"],
    ]
    return subprocess.run(
        ["bash", "-ec", script],
        cwd=folder,
        env={**kept, **environ, "PATH": os.pathsep.join(map(str, folders))},
        input=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
        start_new_session=True,  # without a terminal, a password is read from stdin
    )


def state_of(output: str) -> tuple[int, str] | None:
    found = STATE.search(output)
    return (int(found[1]), found[2]) if found else None


def ways(output: str) -> list[list[str]]:
    """The lines under the first "To mend:". Each with a comment is a way of its own; others go together."""
    text = MEND.search(output)[1]
    lines = [line.strip() for line in text.splitlines()]
    return [[line] for line in lines] if all("  # " in line for line in lines) else [lines]
