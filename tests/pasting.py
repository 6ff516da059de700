"""Pages of docs/ whose commands are run as they stand, with the names at the top of a section filled in."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

from sqlalchemy import URL
from surroundings import ROOT

PARTS = ("caloria", "settings", "migrations", "config.py", "wsgi.py", "gunicorn.conf.py")


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
    return subprocess.run([sys.executable, *words], cwd=folder, env=environ, capture_output=True, text=True)


class PastedPage:
    """A page, and a folder of programs under the names that it uses."""

    def __init__(self, name: str, programs: Path):
        self.text = (ROOT / "docs" / name).read_text(encoding="utf-8")
        self.programs = programs
        for program, words in (("flask", "-m flask"), ("python", "")):
            (programs / program).write_text(f'#!/bin/sh\nexec "{sys.executable}" {words} "$@"\n')
            (programs / program).chmod(0o755)

    def blocks(self, section: str) -> tuple[set[str], list[str]]:
        """The names that a section leaves to its reader, and the commands that follow."""
        text = re.search(rf"^## {section}\n(.*?)(?=^## |\Z)", self.text, re.MULTILINE | re.DOTALL)[1]
        found = re.findall(r"^ *```sh\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL)
        names, *commands = (dedent(block) for block in found)
        return set(re.findall(r"^(\w+)=", names, re.MULTILINE)), commands

    def paste(self, section: str, folder: Path, **names: str) -> str:
        """Run a section's commands in a folder, and stop at the first that fails; give what they said."""
        asked, commands = self.blocks(section)
        assert names.keys() == asked
        path = f"{self.programs}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            ["bash", "-e", "-c", "\n".join(commands)],
            cwd=folder,
            env={"PATH": path, "HOME": str(self.programs), **names},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr
