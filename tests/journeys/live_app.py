"""The real app in processes of its own, on a database with foods and people in it."""

import contextlib
import os
import re
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 30
SECRET_KEY = "known to the journeys alone, and long"


# Plus is sold; nobody listens there, unless a journey says who does.
SELLS = {
    "PAYMENTS": "stripe",
    "PLUS_PER_MONTH": "4.99 EUR",
    "PLUS_PER_YEAR": "49.00 EUR",
    "STRIPE_API_URL": "http://127.0.0.1:9",
    "STRIPE_PRICE_MONTH": "price_month",
    "STRIPE_PRICE_YEAR": "price_year",
    "STRIPE_SECRET_KEY": "sk_test_of_this_machine",
    "STRIPE_WEBHOOK_SECRETS": "whsec_of_this_machine_and_nobody_elses",
}


class App(NamedTuple):
    """The app that a browser is before."""

    url: str
    database: str
    # A context manager, for as long as which the database does not answer.
    database_away: Callable
    # The payment provider of bin/_payments, where one is served.
    provider: Any = None


def told(url: str, **more: str) -> dict[str, str]:
    """What the app's processes are told, and nothing of what this shell is told."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    ours = {"CALORIA_ENV": "test", "DATABASE_URL": url, "SECRET_KEY": SECRET_KEY}
    return {**kept, **ours, **SELLS, "FLASK_SKIP_DOTENV": "1", **more}


def run(url: str, *words: str) -> None:
    result = subprocess.run([sys.executable, *words], cwd=ROOT, env=told(url), capture_output=True, text=True)
    if result.returncode:
        raise RuntimeError(f"{' '.join(words)}: {result.stderr}")


def furnish(url: str, zone: str) -> None:
    """Fill a migrated database with the starter foods, and with the cast, who live in this time zone."""
    run(url, "-m", "flask", "foods", "import", "starter")
    run(url, "tests/journeys/cast.py", zone)


@contextlib.contextmanager
def live_app(url: str, port: int = 0, **more: str) -> Iterator[str]:
    """Serve the app with gunicorn for as long as this lasts; hand out its address."""
    # Bound here and handed over: nobody else can take it in between.
    with socket.create_server(("127.0.0.1", port)) as bound, tempfile.TemporaryFile("w+") as log:
        port = bound.getsockname()[1]
        command = [sys.executable, "-m", "gunicorn", "--graceful-timeout", "2"]
        command += ["--bind", f"fd://{bound.fileno()}", "wsgi:app"]
        environ, handed = told(url, PORT=str(port), WEB_CONCURRENCY="1", **more), [bound.fileno()]
        process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=log, stderr=log, pass_fds=handed)
        bound.close()
        try:
            require_listening(process, port, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            end(process)
        require_quiet(log)


def require_listening(process: subprocess.Popen, port: int, log) -> None:
    """Wait until this very process has the port: another server may answer there."""
    ours = f"Listening at: http://127.0.0.1:{port} ({process.pid})"
    until = time.monotonic() + PATIENCE_SECONDS
    while ours not in said(log):
        if process.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"The app did not start:\n{said(log)}")
        time.sleep(0.05)


def require_quiet(log) -> None:
    """Whatever the browser saw, the server must not have broken."""
    if "Traceback" in said(log):
        raise AssertionError(f"The server broke:\n{said(log)}")


def said(log) -> str:
    log.seek(0)
    return log.read()


def end(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextlib.contextmanager
def sqlite_away(url: str) -> Iterator[None]:
    """Take the table away that every page needs, and bring it back."""
    path = re.sub("^sqlite:///", "", url)
    rename(path, "users", "users_away")
    try:
        yield
    finally:
        rename(path, "users_away", "users")


def rename(path: str, old: str, new: str) -> None:
    with contextlib.closing(sqlite3.connect(path, timeout=15, isolation_level=None)) as connection:
        connection.execute(f"ALTER TABLE {old} RENAME TO {new}")
