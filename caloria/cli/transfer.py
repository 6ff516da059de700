"""`flask transfer`: everything from a SQLite file into the configured PostgreSQL, proven; or out of it."""

import gc
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask.cli import with_appcontext
from flask_babel import force_locale, gettext

from caloria.cli.gate import unguarded
from caloria.cli.progress import WIDTH, on_terminal
from caloria.cli.transfer_out import of_copy, require_one_way
from caloria.extensions import settings
from caloria.filters.dates import moment
from caloria.forms.people import time_zones
from caloria.languages import LANGUAGES
from caloria.models.meal import FIRST_MEALS
from caloria.operations.backup.contents import Progress
from caloria.operations.transfer.legacy.conversion import Home
from caloria.operations.transfer.move import Wanted, transfer
from caloria.operations.transfer.outward import give
from caloria.operations.transfer.report import CHECKED, DIFFERS, MOVED, PROBLEMS, VERIFIED, Report
from settings.shell import address

SQLITE = "sqlite:///"
SHOWN = 100
CONTAINERS = 5_000  # a batch makes some hundreds, which are gone with it
OF_ROWS = ("Checking", "Copying", "Reading")


def file_of(_context, _parameter, said: str | None) -> Path | None:
    if said is None:
        return None
    if not said.startswith(SQLITE) or said == SQLITE:
        raise click.BadParameter("it has the form sqlite:///FILE")
    return Path(said.removeprefix(SQLITE))


def known_zone(_context, _parameter, said: str | None) -> str | None:
    if said is not None and said not in time_zones():
        raise click.BadParameter(f"there is no time zone {said}: it is one such as Europe/Madrid")
    return said


def home_of(legacy: bool, time_zone: str | None, language: str | None) -> Home | None:
    """What is said of the people in the original's file."""
    if not legacy and (time_zone or language):
        raise click.UsageError("--time-zone and --language are said of a --legacy file's people.")
    if not legacy:
        return None
    if not (time_zone and language):
        raise click.UsageError(
            "The file does not say where its people live and what they speak, and nobody can mend their days "
            "later: say --time-zone, such as Europe/Madrid, and --language."
        )
    with force_locale(language):
        return Home(time_zone, language, tuple(gettext(name) for name, _ in FIRST_MEALS))


@click.command("transfer")
@click.argument("file", metavar="[sqlite:///FILE]", required=False, callback=file_of)
@click.option("--to", metavar="sqlite:///FILE", callback=file_of, help="Write PostgreSQL into this new file.")
@click.option("--scrub", is_flag=True, help="With --to: take out what says anything of people.")
@click.option("--dry-run", is_flag=True, help="Try all of it and take it back; list every problem.")
@click.option(
    "--quarantine",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Leave out rows with problems, and what depends on them, and write them into this new file.",
)
@click.option("--retire-source", "retire", is_flag=True, help="Once verified, mark and rename the source.")
@click.option("--start-over", is_flag=True, help="Take back first what an interrupted move brought.")
@click.option("--legacy", is_flag=True, help="The file is one of the original Caloria's.")
@click.option("--time-zone", callback=known_zone, metavar="ZONE", help="Where the original's people live.")
@click.option("--language", type=click.Choice(list(LANGUAGES)), help="What the original's people speak.")
@unguarded  # it asks by itself: that an interrupted move is unfinished does not stand against going on
@with_appcontext
def transfer_(file, to, scrub, legacy, time_zone, language, **wanted):
    """Move everything from a SQLite file into the empty PostgreSQL that is configured, and verify it.

    Stop Caloria on both first. Exits 0 when everything is equal, 3 when rows were left out, 4 when problems
    were found and nothing was moved, 1 when it failed: run it again, it goes on.

    With --to and no other file: write a copy of PostgreSQL into a new SQLite file, for a developer.
    """
    require_one_way(click.get_current_context())
    if to:
        return write_copy(to, scrub)
    wanted = Wanted(**wanted, legacy=home_of(legacy, time_zone, language))
    gc.freeze()  # what is loaded by now stays: nobody need look through it again with each batch
    gc.set_threshold(CONTAINERS)
    with with_speed() as progress:
        report = transfer(settings(), file, wanted, progress)
    for line in told(report, wanted):
        click.echo(line)
    sys.exit(report.exit_code)


def write_copy(to: Path, scrub: bool) -> None:
    gc.freeze()
    with with_speed() as progress:
        given = give(settings(), to, scrub, progress)
    for line in of_copy(given, scrub):
        click.echo(line)


@contextmanager
def with_speed() -> Iterator[Progress]:
    """On a terminal also how fast rows go, and how long it takes still."""
    with on_terminal() as progress:
        began: dict[str, tuple[float, int]] = {}

        def show(stage: str, done: int, total: int) -> None:
            since, first = began.setdefault(stage, (time.monotonic(), done))
            seconds = time.monotonic() - since
            if stage in OF_ROWS and seconds > 1 and done > first:
                speed = (done - first) / seconds
                left = int((total - done) / speed)
                stage = f"{stage}, {speed:,.0f} rows/s, {left // 60}:{left % 60:02} left"
            progress(stage[:WIDTH], done, total)

        yield show


def told(report: Report, wanted: Wanted) -> Iterator[str]:
    yield from table_of(report)
    yield ""
    yield from {
        MOVED: of_move,
        VERIFIED: of_verified,
        CHECKED: of_checked,
        PROBLEMS: of_problems,
        DIFFERS: of_differences,
    }[report.state](report)
    if report.unplaced.counts:
        yield "These hold something that has no place here, and is kept in the report, row by row:"
        yield from (f"  {name:<18}{rows:>12,}" for name, rows in report.unplaced.counts.items())
    if report.kept:
        yield f"The source as it was: {report.kept}"
    yield f"Report: {report.written}"
    if report.retired:
        yield f"The source was retired: {report.retired}"
    if report.left_out:
        yield f"{report.left_out:,} rows were left out: {file_of_left_out(wanted)}"
    if report.is_proven:
        yield from next_steps(wanted)


def file_of_left_out(wanted: Wanted) -> str:
    """Nothing is written when a move of before is verified again."""
    if wanted.quarantine and wanted.quarantine.exists():
        return str(wanted.quarantine)
    return "see the file of that move"


def table_of(report: Report) -> Iterator[str]:
    yield f"{'table':<20}{'source':>12}{'moved':>12}{'left out':>10}  checksum"
    for table in report.tables:
        said = table["checksum"] or "-"
        yield f"{table['name']:<20}{table['rows']:>12,}{table['moved']:>12,}{table['left_out']:>10,}  {said}"


def of_move(report: Report) -> Iterator[str]:
    speed = report.rows / report.seconds if report.seconds else 0
    yield f"Moved and verified: {report.rows:,} rows in {report.seconds:,.1f} s ({speed:,.0f} rows/s)."


def of_verified(report: Report) -> Iterator[str]:
    yield f"Already verified: all {report.rows:,} rows are there and equal. Nothing was changed."


def of_checked(_report: Report) -> Iterator[str]:
    yield "No problems were found. Nothing was moved."


def of_problems(report: Report) -> Iterator[str]:
    problems = report.problems
    for problem in problems.listed[:SHOWN]:
        yield str(problem)
    if problems.total > SHOWN:
        yield f"… and {problems.total - SHOWN:,} more."
    depending = problems.depending.total()
    also = f"; {depending:,} more rows depend on those" if depending else ""
    yield f"{problems.total:,} {'problem' if problems.total == 1 else 'problems'}{also}. Nothing was moved."


def of_differences(report: Report) -> Iterator[str]:
    yield from report.differences
    if report.verified_at:
        yield f"It was moved and verified on {moment(report.verified_at)}; the target has changed since then."
    else:
        yield "The target is not equal to the source. To begin anew: the same command with --start-over"


def next_steps(wanted: Wanted) -> Iterator[str]:
    config = settings()
    yield ""
    yield "In .env:"
    yield f"  DATABASE_URL={address(config.database_url)}"
    if config.database_id:
        yield f"  CALORIA_DB_ID={config.database_id}"
    yield "Next:"
    yield "  flask doctor"
    yield "  flask backup create"
    if wanted.legacy:
        yield "  flask foods import starter"
        yield "and once Caloria runs, so that everybody chooses a password:"
        yield "  flask users invite"
