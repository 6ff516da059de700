import os
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.exc import OperationalError

from caloria.operations.bulk_import.run import Outcome, Progress, import_open_food_facts, import_usda
from caloria.operations.bulk_import.unfit import UnfitFile
from caloria.operations.food_import import import_starter
from caloria.operations.starter import starter_foods

group = AppGroup("foods", help="Bring foods into the database.")

WIDTH, BAR = 78, 20
REFUSED = 1
FILE = click.Path(path_type=Path)
REPORT = click.option(
    "--report",
    type=FILE,
    help="Where to say why rows were rejected; else a file in instance/imports.",
)


@group.group("import")
def import_():
    """Import foods from a source; what is there already is brought up to date.

    An import may be ended or killed at any time: run again it goes on. Days that foods were logged on never
    change by it. One import runs at a time; another one ends with 75.
    """


@import_.command()
def starter():
    """Import the everyday foods that Caloria ships."""
    foods = starter_foods()
    with click.progressbar(
        foods, label="Importing foods", file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:
        result = import_starter(bar)
    click.echo(f"{result.stored} foods with {result.portions} portions are in the database.")
    if not result.reconciles:
        raise click.ClickException(f"{result.read} foods were read but only {result.stored} are stored.")


@import_.command()
@click.argument("path", type=FILE)
@REPORT
def usda(path: Path, report: Path | None):
    """Import a download of USDA FoodData Central (public domain).

    PATH is the zip or the folder with the CSV files of any data type (Foundation, SR Legacy, FNDDS, Branded
    or all of them), or a JSON download, zipped or not.
    """
    _run(import_usda, "usda", path, report)


@import_.command()
@click.argument("path", type=FILE)
@REPORT
def openfoodfacts(path: Path, report: Path | None):
    """Import an export or a delta of Open Food Facts (ODbL 1.0).

    PATH is the CSV or JSONL export as it comes, with gzip or without. Deltas are imported one after the
    other, the oldest first; an older file never brings back what was. Products stay apart from everybody's
    foods.
    """
    _run(import_open_food_facts, "openfoodfacts", path, report)


def _run(do: Callable[..., Outcome], source: str, path: Path, report: Path | None) -> None:
    started = time.monotonic()
    try:
        with _on_terminal() as progress:
            outcome = do(path, report or _report_of(source), progress)
    except UnfitFile as error:
        raise click.ClickException(f"{error} Nothing was changed.") from None
    except (sqlite3.Error, OSError) as error:
        said = f"{type(error).__name__}: {error}"
        raise click.ClickException(f"{said} (TMPDIR says where temporary files go: is there room?)") from None
    except OperationalError:
        said = "The database went away, or could not go on."
        raise click.ClickException(f"{said} What is in stays; run it again, and it goes on.") from None
    _say(outcome, time.monotonic() - started)


def _report_of(source: str) -> Path:
    """A file of its own for each run; where the code lies may not be written to."""
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H%M%SZ")
    here = Path(current_app.instance_path)
    folder = here / "imports" if os.access(here, os.W_OK) else Path(tempfile.gettempdir())
    return folder / f"{source}-{at}.csv"


def _say(outcome: Outcome, seconds: float) -> None:
    counts = outcome.counts
    click.echo(
        f"{counts.read:,} read = {counts.added:,} added + {counts.updated:,} updated "
        f"+ {counts.unchanged:,} unchanged + {counts.rejected:,} rejected"
    )
    if sys.stderr.isatty():
        click.echo(f"{seconds:,.0f} s, {counts.read / max(seconds, 0.001):,.0f} rows/s", err=True)
    if outcome.samples:
        click.echo(f"{outcome.samples:,} other records are samples of foods.")
    if outcome.report:
        also = f", and {outcome.notes:,} figures that were left out" if outcome.notes else ""
        click.echo(f"Why: {outcome.report} (rejected rows{also}).")
    if not counts.reconciles:
        raise click.ClickException("The counts do not add up: please report this.")
    if counts.rejected == counts.read:
        raise click.ClickException("Every row was rejected.")


@contextmanager
def _on_terminal() -> Iterator[Progress]:
    """A bar with rows and rows/s; nothing where nobody watches, such as in cron."""
    if not sys.stderr.isatty():
        yield lambda _stage, _done, _total, _rows: None
        return
    stage_began: dict[str, float] = {}
    shown = [0.0]

    def show(stage: str, done: int, total: int, rows: int) -> None:
        now = time.monotonic()
        is_new = stage not in stage_began
        began = stage_began.setdefault(stage, now)
        if now - shown[0] < 0.1 and done < total and not is_new:
            return
        shown[0] = now
        part = min(done / total, 1) if total else 1
        bar = "#" * int(part * BAR)
        speed = f"{rows:,} rows  {rows / (now - began):,.0f}/s" if rows and now > began else ""
        line = f"{stage} [{bar:<{BAR}}] {part:>4.0%}  {speed}"
        click.echo(f"\r{line:<{WIDTH}}", nl=False, err=True)

    try:
        yield show
    finally:
        click.echo(f"\r{'':<{WIDTH}}\r", nl=False, err=True)
