"""Ways for a SQLite file to go to PostgreSQL, each a program of its own with what it costs."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from urllib.parse import quote

import _process
import _setup
import processes
from database import environment_on
from sqlalchemy import make_url

from caloria.version import VERSION

KILOBYTES = 1024 if sys.platform != "darwin" else 1
COPIED = re.compile(r'"COPY Threads Completion"[^}]*"SECS":([\d.]+)')
INSTALL = "pgloader is not here: apt-get install -y pgloader"


class Transfer:
    """Into the tables that the app's own migrations made."""

    name = "flask transfer"
    into_migrated = True
    version = VERSION

    def move(self, file, database, folder):
        environment = environment_on(database.url) | {"BACKUP_DIR": str(folder)}
        words = [sys.executable, "-m", "flask", "transfer", f"sqlite:///{file}"]
        cost = measured(words, environment, folder, database.postmaster)
        return cost | {"copy_seconds": self.copied(folder)}

    def copied(self, folder):
        """The copy alone, as the report says it; None where nothing was copied."""
        reports = [json.loads(path.read_text()) for path in folder.glob("*.json")]
        return reports[0]["seconds_of"].get("copying") if reports else None


class Pgloader:
    """Into tables that it makes, as it does where nothing else is said."""

    name = "pgloader"
    into_migrated = False
    told = ()

    @property
    def version(self):
        done = subprocess.run(["pgloader", "--version"], capture_output=True, text=True, check=True)
        return done.stdout.splitlines()[0].split('"')[1]

    def move(self, file, database, folder):
        kept, _ = _process.clean_environment()
        aside = ["--root-dir", str(folder), "--summary", str(folder / "summary.json")]
        words = ["pgloader", *self.told, *aside, str(file), address(database.url)]
        cost = measured(words, kept, folder, database.postmaster)
        return cost | {"copy_seconds": self.copied(folder)}

    def copied(self, folder):
        """Until the last row of the last table was taken; its summary is no proper JSON."""
        summary = folder / "summary.json"
        found = COPIED.search(summary.read_text()) if summary.exists() else None
        return float(found[1]) if found else None


class PgloaderInSteps(Pgloader):
    """The same with less in memory at once: of a file of 2,000,000 rows the other exhausts its heap."""

    name = "pgloader, 10,000 rows ahead"
    told = ("--with", "prefetch rows = 10000")


def movers(only_ours):
    """All of them where pgloader is here."""
    is_here = not only_ours and shutil.which("pgloader")
    return [Transfer(), Pgloader(), PgloaderInSteps()] if is_here else [Transfer()]


def address(url):
    """As pgloader reads it, which has a way of its own to name the folder of a socket."""
    url = make_url(url)
    socket = url.query.get("host", "")
    if not socket.startswith("/"):
        return url.render_as_string(hide_password=False)
    return f"postgresql://{quote(url.username)}@unix:{socket}:{url.port or 5432}/{url.database}"


def measured(words, environment, folder, postmaster):
    """Run a program to its end: how that was, and what the program and PostgreSQL's server took for it."""
    there, began = processes.cpu_ms(postmaster), time.monotonic()
    with (folder / "said").open("w") as said:
        process = subprocess.Popen(
            words,
            cwd=_setup.ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            preexec_fn=_process.end_with_parent(),
        )
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return {
        "exit_code": process.returncode,
        "seconds": time.monotonic() - began,
        "cpu_seconds": used.ru_utime + used.ru_stime,
        "server_cpu_seconds": None if there is None else (processes.cpu_ms(postmaster) - there) / 1000,
        "mb": used.ru_maxrss * KILOBYTES / 1_000_000,
    }
