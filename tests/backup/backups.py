"""A shelf of backups beside a database, and the programs that make them, bent for a test."""

import os
from functools import cache
from pathlib import Path

from clusters import execute
from surroundings import ROOT, environment

from caloria.operations.backup import tools
from caloria.operations.backup.create import create
from caloria.operations.backup.shelf import Shelf
from config import Config

KEY = "a key for backups that only tests know"


def quiet(_stage: str, _done: int, _total: int) -> None:
    pass


def config_for(url: str, folder: Path, **more: str) -> Config:
    """What a process is told that backs up this database into this folder, and may prove it."""
    return Config.load(told(url, folder, **more), root=ROOT)


def told(url: str, folder: Path, **more: str) -> dict[str, str]:
    here = {"BACKUP_DIR": str(folder), "BACKUP_KEY": KEY}
    if url.startswith("postgres"):
        here["BACKUP_PROOF_URL"] = os.environ["TEST_POSTGRES_URL"]
    return environment(url, **{**here, **more})


def make(config: Config):
    """Make a backup; what is to be said of it then."""
    return create(config, quiet).require()


def states(config: Config) -> list[str]:
    return [backup.state for backup in Shelf.of(config).backups()]


def left_over(config: Config) -> list[str]:
    """What stands on the shelf and is no backup."""
    every = Shelf.of(config).backups()
    return sorted(
        {path.name for path in config.backup_dir.iterdir()} - {each.id for each in every} - {".lock"}
    )


def scratch_databases() -> list[str]:
    asked = "SELECT datname FROM pg_database WHERE datname LIKE 'caloria_proof_%%'"
    return [name for (name,) in execute(os.environ["TEST_POSTGRES_URL"], asked)]


@cache
def programs() -> Path:
    """Where the pg_dump is that a backup of the suite's server would take."""
    asked = execute(os.environ["TEST_POSTGRES_URL"], "SHOW server_version_num")
    return tools.Tools.fitting(int(asked[0][0]) // 10000).folder


def only(folder: Path, monkeypatch) -> None:
    """Let this folder be the only one in which PostgreSQL's programs are found."""
    monkeypatch.setattr(tools, "PLACES", ())
    monkeypatch.setattr(tools, "WHEEL", "nowhere")
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


def bend(folder: Path, script: str, name: str = "pg_dump") -> Path:
    """A folder of programs, one of them a script that knows the real one as $REAL, its result as $FILE."""
    real = programs()
    folder.mkdir(exist_ok=True)
    for program in ("pg_dump", "pg_restore"):
        (folder / program).unlink(missing_ok=True)
        if program != name:
            (folder / program).symlink_to(real / program)
    head = f'[ "$1" = --version ] && exec {real}/{name} --version\nREAL={real}/{name}\n'
    find = 'for word in "$@"; do case "$word" in --file=*) FILE="${word#--file=}";; esac; done\n'
    (folder / name).write_text(f"#!/bin/sh\n{head}{find}{script}\n")
    (folder / name).chmod(0o755)
    return folder
