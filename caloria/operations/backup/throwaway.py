"""A database of a drill's own, which is gone with the drill: a copied file, or a PostgreSQL server."""

import os
import re
import select
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from sqlalchemy import URL, make_url

from caloria.operations.backup import disk, postgresql, proof
from caloria.operations.backup.failure import BackupFailed
from caloria.operations.backup.manifest import Manifest
from caloria.operations.backup.tools import Tools, candidates

SECONDS_TO_START = 120
SECONDS_TO_END = 90
# What a restore takes, at its fullest, for each byte of the compressed dump (bench/backup).
TIMES_THE_DUMP = 8
KEPT = ("PATH", "HOME", "LANG", "TMPDIR")


def restored(kept: Manifest, folder: Path, root: Path) -> Any:
    """The address of a database with what the backup holds, for as long as the block lasts.

    Raises BackupFailed.
    """
    return proof.beside(folder) if kept.is_of_sqlite else on_own_server(kept, folder, root)


@contextmanager
def on_own_server(kept: Manifest, folder: Path, root: Path) -> Iterator[URL]:
    made_by = kept.facts["made_by"]
    programs = fitting(postgresql.major_in(kept.facts["server_version"]))
    disk.require_room(Path(tempfile.gettempdir()), kept.size * TIMES_THE_DUMP)
    with nothing_said_for_libpq(), cluster(programs, root) as url:
        postgresql.load(folder / proof.DUMP, made_by, url, programs.major)
        yield url


def fitting(server: int) -> Tools:
    """Programs that run a server of this major version, or of the next newer one. Raises BackupFailed."""
    able = [each for each in candidates() if each.major >= server and (each.folder / "initdb").exists()]
    if not able:
        raise BackupFailed(
            f"A drill runs a PostgreSQL of its own, and there is none of version {server} or newer on this "
            f"machine: install postgresql-{server}."
        )
    return min(able, key=lambda each: each.major)


@contextmanager
def cluster(programs: Tools, root: Path) -> Iterator[URL]:
    """A server in a temporary folder, reached through a socket of its own. bin/postgres removes both."""
    with tempfile.TemporaryFile("w+", errors="replace") as said:
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, str(root / "bin" / "postgres"), "--fast"],
            env=surroundings(PATH=f"{programs.folder}{os.pathsep}{os.environ.get('PATH', os.defpath)}"),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
            start_new_session=True,  # Ctrl-C ends what uses it first
        )
        try:
            yield address(process, said)
        finally:
            end(process)


@contextmanager
def nothing_said_for_libpq() -> Iterator[None]:
    """PGHOSTADDR or PGPORT, where they are set, would lead away from the server of the drill."""
    said = {name: os.environ.pop(name) for name in list(os.environ) if re.fullmatch(r"PG[A-Z]+", name)}
    try:
        yield
    finally:
        os.environ.update(said)


def surroundings(**more: str) -> dict[str, str]:
    """What a program needs to run at all, and nothing that it could be led elsewhere by."""
    return {name: os.environ[name] for name in KEPT if name in os.environ} | more


def address(process: subprocess.Popen, said: Any) -> URL:
    out = cast("IO[str]", process.stdout)
    ready, _, _ = select.select([out], [], [], SECONDS_TO_START)
    line = out.readline().strip() if ready else ""
    if not line:
        said.seek(0)
        told = " ".join(said.read().split())[:300] or "it said nothing"
        raise BackupFailed(f"A PostgreSQL for the drill did not start: {told}")
    return make_url(line)


def end(process: subprocess.Popen) -> None:
    """Let it put its things away, and wait for that."""
    process.terminate()
    try:
        process.wait(SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout:
        process.stdout.close()
