"""What bench/backup does, from an empty database to the table."""

import argparse
import json
import os
import secrets
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import _setup
import measure
import processes
import seed
from benchmark import tell, within
from database import Database, environment_on
from sqlalchemy import make_url

from caloria.operations.backup.create import create
from caloria.operations.backup.tools import Tools
from config import Config

PLAIN = "pg_dump -Fc"
STEPS = ("stored", "readable", "proven")
ROWS_OF_A_PERSON = seed.DAYS * seed.ENTRIES_A_DAY
MEGABYTE = 1_000_000


def arguments(description):
    parser = argparse.ArgumentParser(
        prog="bench/backup", description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--rows", type=within(int, 5_000, 20_000_000), default=1_700_000, help="entries in it (1700000: 1 GB)"
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of the table")
    return parser.parse_args()


def run(options, server_url):
    """Measure and print; return the exit status."""
    try:
        with ExitStack() as stack:
            setting, steps = compare(options, server_url, stack)
    finally:
        tell("")
    print(
        json.dumps({"setting": setting, "steps": steps}, indent=2) if options.json else table(setting, steps)
    )
    if set(STEPS) <= steps.keys():
        return 0
    print("The backup was not proven.", file=sys.stderr)
    return 1


def compare(options, server_url, stack):
    setting = measure.machine()
    tell("making the database")
    database = Database(server_url, stack)
    environment = environment_on(database.url)
    database.migrate(environment)
    tell(f"filling it with {options.rows:,} entries")
    counts, _ = database.seed(max(seed.SIGNED_IN, options.rows // ROWS_OF_A_PERSON))
    size = database.ask(f"SELECT pg_database_size('{make_url(database.url).database}')")
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="caloria-bench-")))
    tell(PLAIN)
    steps = {PLAIN: plain(database, folder / "plain.dump")}
    steps |= ours(database, environment, folder / "backups", server_url)
    return {**counts, **setting, "database_mb": mb(size), "postgresql": database.version}, steps


def plain(database, file):
    """What everybody does: one file, with the compression that pg_dump chooses."""
    meter = Meter(database.postmaster)
    tools = Tools.fitting(int(database.version.partition(".")[0]))
    tools.run("pg_dump", make_url(database.url), "--format=custom", f"--file={file}")
    return {**meter.read(), "mb": mb(file.stat().st_size)}


def ours(database, environment, folder, server_url):
    """A backup as `flask backup create` makes it: what it had cost when it was stored, readable, proven."""
    told = {"BACKUP_DIR": str(folder), "BACKUP_KEY": secrets.token_hex(32), "BACKUP_PROOF_URL": server_url}
    config = Config.load({**environment, **told}, _setup.ROOT)
    meter, read = Meter(database.postmaster), {}

    def note(stage, done, _total):
        tell(f"the backup: {stage}")
        if stage == "Reading":
            read.setdefault("readable" if done else "stored", meter.read())

    made = create(config, note).require()
    read |= {"proven": meter.read()} if made.is_proven else {}
    return {step: {**cost, "mb": mb(made.size)} for step, cost in read.items()}


class Meter:
    """Seconds since it was made, by the clock and of the processors, PostgreSQL's server among them."""

    def __init__(self, postmaster):
        self.postmaster = postmaster
        self.began, self.worked = time.monotonic(), self.work()

    def work(self):
        """Of this process, its children that ended, and the server; None where that is on another machine."""
        there = processes.cpu_ms(self.postmaster)
        return None if there is None else sum(os.times()[:4]) + there / 1000

    def read(self):
        worked = self.work()
        cpu = None if None in (worked, self.worked) else worked - self.worked
        return {"seconds": time.monotonic() - self.began, "cpu_seconds": cpu}


def mb(size):
    return round(size / MEGABYTE, 1)


def table(setting, steps):
    lines = [f"{'':<14}{'seconds':>9}{'CPU s':>9}{'times -Fc':>11}{'MB':>9}"]
    for name, cost in steps.items():
        cpu = "-" if cost["cpu_seconds"] is None else f"{cost['cpu_seconds']:.1f}"
        times = f"{cost['seconds'] / steps[PLAIN]['seconds']:.2f}"
        lines.append(f"{name:<14}{cost['seconds']:>9.1f}{cpu:>9}{times:>11}{cost['mb']:>9,.1f}")
    return "\n".join([about(setting), *lines])


def about(setting):
    data = f"{setting['entries']:,} entries, a database of {setting['database_mb']:,.0f} MB"
    machine = f"{setting['cores']} cores, load {setting['load_before']} before the start"
    return f"{data}; PostgreSQL {setting['postgresql']}; {machine}"
