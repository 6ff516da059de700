"""Pages of docs/ whose commands are run as they stand, with the names at the top of a section filled in."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

import forked
from artefacts import rewritten
from sqlalchemy import URL
from surroundings import ROOT

PARTS = ("caloria", "settings", "migrations", "config.py", "wsgi.py", "gunicorn.conf.py")
# The requirements of a page are read, and they are here already.
NOTHING_INSTALLED = {"PIP_DRY_RUN": "1", "PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def checkout(folder: Path) -> None:
    """Put the code there, and none of our settings."""
    for part in PARTS:
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
        copy(ROOT / part, folder / part)


def address(url: URL, database: str = "postgres") -> str:
    return url.set(database=database, drivername="postgresql").render_as_string(False)


def run(folder: Path, *words: str, **told: str) -> subprocess.CompletedProcess:
    """Run Python in a folder as somebody does whose shell knows nothing of Caloria."""
    environ = {"PATH": os.environ["PATH"], **told}
    return forked.run(words, folder, environ)


class PastedPage:
    """A page, and a folder of programs under the names that it uses. `paths` of it lie elsewhere here."""

    def __init__(self, name: str, programs: Path, paths: Mapping[str, Path | str] | None = None):
        self.text = (ROOT / "docs" / name).read_text(encoding="utf-8")
        self.programs, self.paths = programs, paths or {}
        forked.stand_in(programs / "flask", ["-m", "flask"])
        forked.stand_in(programs / "python")

    def stand_in(self, program: str, script: str) -> None:
        """Let a script answer to the name of a program."""
        (self.programs / program).write_text(f"#!/bin/sh\n{script}\n")
        (self.programs / program).chmod(0o755)

    def leave_out(self, *programs: str) -> None:
        """Let these programs, which would change the machine, only be noted."""
        for program in programs:
            self.stand_in(program, f'echo "{program} $*" >>"{self.programs}/.not_run"')

    def not_run(self) -> list[str]:
        """What was noted, in order."""
        return (self.programs / ".not_run").read_text().splitlines()

    def blocks(self, section: str) -> tuple[set[str], list[str]]:
        """The names that a section leaves to its reader, and the commands that follow."""
        text = re.search(rf"^## {section}\n(.*?)(?=^## |\Z)", self.text, re.MULTILINE | re.DOTALL)[1]
        found = re.findall(r"^ *```sh\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL)
        names, *commands = (dedent(block) for block in found)
        return set(re.findall(r"^(\w+)=", names, re.MULTILINE)), commands

    def paste(self, section: str, folder: Path, typed: str = "", **names: str) -> str:
        """Run a section's commands in a folder, and stop at the first that fails; give what they said.

        `typed` is what somebody answers them, who has no terminal here.
        """
        asked, commands = self.blocks(section)
        assert names.keys() == asked
        path = f"{self.programs}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            ["bash", "-e", "-c", rewritten("\n".join(commands), self.paths)],
            cwd=folder,
            env={"PATH": path, "HOME": str(self.programs), **NOTHING_INSTALLED, **names},
            input=typed,
            capture_output=True,
            text=True,
            start_new_session=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr
