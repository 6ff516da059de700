"""Commands of the app in processes of their own, which fork from one that has the libraries already.

Importing them takes most of a command's time, hundreds of times over. What is ours is read anew each time.
"""

import os
import runpy
import subprocess
import sys
import tempfile
from multiprocessing import get_context
from pathlib import Path

LIBRARIES = ["alembic.config", "flask.cli", "flask_babel", "flask_login", "flask_migrate", "flask_sqlalchemy"]
LIBRARIES += ["flask_wtf", "psycopg2", "sqlalchemy.dialects.postgresql", "sqlalchemy.dialects.sqlite"]
SECONDS = 120
FORKS = get_context("forkserver")
FORKS.set_forkserver_preload(LIBRARIES)


def run_module(words: list[str], folder: Path, environ: dict[str, str]) -> subprocess.CompletedProcess:
    """Do what `python -m` with these words does in a folder, told no more than this environment."""
    with tempfile.TemporaryDirectory() as said:
        out, err = (f"{said}/{name}" for name in ("out", "err"))
        process = FORKS.Process(target=_become, args=(words, str(folder), environ, out, err))
        process.start()
        process.join(SECONDS)
        if process.is_alive():
            process.kill()
            raise subprocess.TimeoutExpired(words, SECONDS)
        return subprocess.CompletedProcess(
            words, process.exitcode, *(Path(file).read_text() for file in (out, err))
        )


def _become(words: list[str], folder: str, environ: dict[str, str], out: str, err: str) -> None:
    os.environ.clear()
    os.environ.update(environ)
    os.chdir(folder)
    for number, path in ((0, os.devnull), (1, out), (2, err)):
        os.dup2(os.open(path, os.O_RDWR | os.O_CREAT), number)
    sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w", buffering=1)  # noqa: SIM115
    sys.argv, sys.path[0:0] = words, [folder]
    runpy.run_module(words[0], run_name="__main__", alter_sys=True)
