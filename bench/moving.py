"""What bench/transfer does, from an empty file to the tables."""

import argparse
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import ExitStack, closing
from pathlib import Path
from statistics import median

import _setup
import measure
import moved
import schemas
import tables
from benchmark import tell, within
from database import Database, environment_on, flask
from movers import INSTALL, movers
from sqlalchemy import make_url

ROWS_OF_A_PERSON = 100
ROWS_OF_A_DIRTY_FILE = 5_000
# One row of each is bad, in a way that SQLite does not mind.
DIRT = {
    "a text where a number belongs": "UPDATE entries SET energy_kcal = 'lots' WHERE rowid = 100",
    "an amount below zero": "UPDATE entries SET energy_kcal = -5 WHERE rowid = 100",
    "a meal that is not there": "UPDATE entries SET meal_id = user_id WHERE rowid = 100",
}


def arguments(description):
    parser = argparse.ArgumentParser(
        prog="bench/transfer", description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    rows = within(int, 5_000, 20_000_000)
    parser.add_argument("--rows", type=rows, default=2_000_000, help="rows in the file (2000000)")
    parser.add_argument("--people", type=within(int, 1, 200_000), help="who keep a diary (a hundredth of it)")
    parser.add_argument("--rounds", type=within(int, 1, 9), default=2, help="how often each moves it (2)")
    parser.add_argument("--only-ours", action="store_true", help="leave pgloader out")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/performance.md")
    parser.add_argument("--json", action="store_true", help="print JSON instead of the tables")
    return parser.parse_args()


def run(options, server_url):
    """Measure and print; return the exit status."""
    try:
        with ExitStack() as stack:
            found = compare(options, server_url, stack)
    finally:
        tell("")
    print(json.dumps(found, indent=2) if options.json else moved.as_text(found))
    if options.write:
        tables.write("bench/transfer", moved.as_text(found))
    if all(code == 0 for code in found["ways"]["flask transfer"]["exit_codes"]):
        return 0
    print("The move was not verified.", file=sys.stderr)
    return 1


def compare(options, server_url, stack):
    setting = measure.machine() | {"rounds": options.rounds}
    ways = movers(options.only_ours)
    if len(ways) == 1 and not options.only_ours:
        print(INSTALL, file=sys.stderr)
    trial = Trial(server_url, stack)
    file = trial.filled("caloria.db", options.rows, options.people or options.rows // ROWS_OF_A_PERSON)
    contents = {**counted(file), "file_mb": file.stat().st_size / 1_000_000}
    runs, facts = in_turn(ways, options.rounds, trial, file)
    wanted = schemas.facts(trial.migrated.url)
    versions = {"PostgreSQL": trial.migrated.version, **{way.name: way.version for way in ways[:2]}}
    return {
        "setting": {**setting, **contents, "versions": versions},
        "ways": {way.name: summary(runs[way.name], contents["rows"]) for way in ways},
        "kept": {name: schemas.kept(wanted, found) for name, found in facts.items()},
        "next_insert": {name: found["next insert"] for name, found in facts.items()},
        "dirty": dirty(ways, trial),
    }


def in_turn(ways, rounds, trial, file):
    """Move the file in every way in every round, in the other order every other round."""
    runs, facts = {way.name: [] for way in ways}, {}
    for number in range(rounds):
        for way in ways[:: -1 if number % 2 else 1]:
            tell(f"round {number + 1} of {rounds}: {way.name}")
            done, facts[way.name] = trial.of(way, file)
            runs[way.name].append(done)
    return runs, facts


def dirty(ways, trial):
    """How each ends where one row of a small file is bad."""
    clean = trial.filled("clean.db", ROWS_OF_A_DIRTY_FILE, ROWS_OF_A_DIRTY_FILE // ROWS_OF_A_PERSON)
    ends = [trial.of_dirt(ways, clean, name, statement) for name, statement in DIRT.items()]
    return {"rows": counted(clean)["rows"], "ends": ends}


def counted(file):
    """How many rows a move brings, and how many of them are people and entries."""
    with closing(sqlite3.connect(file)) as connection:
        own = "('alembic_version', 'identity', 'servers', 'audit_events')"
        asked = f"SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN {own}"
        names = [name for (name,) in connection.execute(asked) if not name.startswith(("sqlite_", "search_"))]
        rows = {name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names}
    return {"rows": sum(rows.values()), "people": rows["users"], "entries": rows["entries"]}


class Trial:
    """Every move goes to a new database on the same server, and into a new folder."""

    def __init__(self, server_url, stack):
        tell("making the tables")
        self.server_url = server_url
        self.folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="caloria-bench-")))
        self.migrated = Database(server_url, stack)
        self.empty = self.folder / "empty.db"
        for url in (self.migrated.url, f"sqlite:///{self.empty}"):
            flask(environment_on(url), "db", "upgrade")

    def filled(self, name, rows, people):
        """A file that the app's own migrations made, and people live in."""
        tell(f"making a file of {rows:,} rows")
        file = self.folder / name
        shutil.copy(self.empty, file)
        words = [sys.executable, str(_setup.ROOT / "bench" / "filling.py"), file, str(rows), str(people)]
        subprocess.run(words, check=True, stdin=subprocess.DEVNULL)
        return file

    def of(self, way, file):
        """What a move cost, and what it left."""
        template = make_url(self.migrated.url).database if way.into_migrated else "template0"
        with ExitStack() as stack:
            database = Database(self.server_url, stack, template)
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=self.folder)))
            database.say("CHECKPOINT")
            load = os.getloadavg()[0]
            done = way.move(file, database, folder)
            left = schemas.facts(database.url) | {"next insert": schemas.next_insert(database.url)}
            return done | {"load": load, "rows": schemas.rows(database.url)}, left

    def of_dirt(self, ways, clean, name, statement):
        tell(f"a file with {name}")
        file = Path(shutil.copy(clean, self.folder / "dirty.db"))
        with closing(sqlite3.connect(file, isolation_level=None)) as connection:
            connection.execute("PRAGMA ignore_check_constraints = ON")
            connection.execute(statement)
        return {"name": name, **{way.name: ended(*self.of(way, file)) for way in ways}}


def ended(done, left):
    return {"exit_code": done["exit_code"], "rows": done["rows"], "foreign_keys": len(left["foreign keys"])}


def summary(runs, rows):
    """Medians over the rounds."""
    middle = {
        name: measure.middle(run[name] for run in runs)
        for name in ("seconds", "copy_seconds", "cpu_seconds", "server_cpu_seconds", "load")
    }
    return {
        **middle,
        "mb": max(run["mb"] for run in runs),
        "copy_rows_per_second": middle["copy_seconds"] and rows / middle["copy_seconds"],
        "rows": median(run["rows"] for run in runs),
        "exit_codes": [run["exit_code"] for run in runs],
    }
