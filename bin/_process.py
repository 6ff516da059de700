"""Processes: how they end, and what those started by bin/dev, bin/test and bin/postgres see."""

import ctypes
import os
import re
import signal
import subprocess
import sys

import _setup


def clean_environment():
    """Copy the shell's environment without any setting of Caloria's, and name those left out."""
    example = _setup.read(_setup.ROOT / ".env.example") or ""
    names = {"DATABASE_URL", "SECRET_KEY", *re.findall(r"^#?\s*([A-Z][A-Z0-9_]*)=", example, re.MULTILINE)}
    names |= {f"{name}_FILE" for name in names}
    kept, ignored = {}, []
    for name, value in without_postgres(os.environ).items():
        if name in names - {"PORT"} or re.match(r"CALORIA_(?!VENV$)|FLASK_|SQLALCHEMY_", name):
            ignored.append(name)
        elif not name.startswith("WERKZEUG_"):
            kept[name] = value
    # Flask would also read the .env files of the folders above; config.py reads the one that counts.
    return dict(kept, FLASK_SKIP_DOTENV="1", PYTHONUNBUFFERED="1"), sorted(ignored)


def on_database(url):
    """The settings that lead a child to this database, whatever .env says of another one."""
    blank = ["DATABASE_URL_FILE", "MIGRATION_DATABASE_URL", "MIGRATION_DATABASE_URL_FILE", "CALORIA_DB_ID"]
    return dict.fromkeys(blank, "") | {"DATABASE_URL": url}


def without_postgres(environ):
    """Leave out PGHOST and the like, which lead libpq elsewhere."""
    return {name: value for name, value in environ.items() if not re.match(r"PG[A-Z]+$", name)}


def stop_on_signals():
    """Turn a signal into an orderly exit; what comes while that tidies up is ignored."""
    numbers = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # as under nohup
        numbers.append(signal.SIGHUP)

    def leave(number, _frame):
        for each in numbers:
            signal.signal(each, signal.SIG_IGN)
        sys.exit(128 + number)

    for each in numbers:
        signal.signal(each, leave)


def end_with_parent(number=signal.SIGTERM):
    """Have Linux end a child whose parent was killed; for preexec_fn."""
    parent = os.getpid()
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None

    def before_exec():
        if libc:
            libc.prctl(1, number)  # PR_SET_PDEATHSIG
        if os.getppid() != parent:
            os._exit(1)

    return before_exec


def end(process, number=signal.SIGTERM, seconds=10):
    """End a process and wait for it, by force where it takes too long."""
    if process.poll() is None:
        process.send_signal(number)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
