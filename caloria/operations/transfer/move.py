"""A move from beginning to end: inspect, try, copy, verify, say so. Interrupted anywhere, it goes on."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from time import monotonic
from typing import NamedTuple

from caloria import guard
from caloria.extensions import db
from caloria.guard import revisions
from caloria.operations.backup import disk
from caloria.operations.backup.contents import Progress
from caloria.operations.transfer.alone import require_alone, require_target_alone
from caloria.operations.transfer.dry_run import DryRun
from caloria.operations.transfer.failure import SourceChanged, TransferFailed
from caloria.operations.transfer.legacy.conversion import Home
from caloria.operations.transfer.legacy.source import LegacySource
from caloria.operations.transfer.quarantine import Quarantine, keep
from caloria.operations.transfer.report import CHECKED, DIFFERS, MOVED, PROBLEMS, VERIFIED, Report
from caloria.operations.transfer.sqlite_source import SqliteSource
from caloria.operations.transfer.tables import AUDIT, Table, canonical_rows, checksum, copied_text
from caloria.operations.transfer.target import Checkpoint, Target, Unfinished
from caloria.operations.transfer.verify import Sent, Verification, read_again
from caloria.operations.transfer.watched_file import STAMP
from caloria.operations.transfer.workplace import workplace
from config import Config
from settings.database import is_sqlite
from settings.shell import POSTGRESQL, named

COPYING = "Copying"


class Wanted(NamedTuple):
    """What the operator asked for."""

    dry_run: bool = False
    quarantine: Path | None = None
    retire: bool = False
    start_over: bool = False
    legacy: Home | None = None  # where the file is one of the original Caloria's


def transfer(config: Config, file: Path, wanted: Wanted, progress: Progress) -> Report:
    """Move a SQLite file into the configured database. Raises StartupRefused and TransferFailed."""
    require_postgresql(config)
    guard.require_for_transfer(config, db.metadata)
    try:
        with Target.opened(config) as target, opened(config.root / file, wanted.legacy) as source:
            return Move(config, source, target, wanted, progress).run()
    except OSError as error:
        raise TransferFailed(f"{error.filename or file} cannot be used: {error.strerror}.") from None
    except KeyboardInterrupt:
        raise TransferFailed("Interrupted. The same command goes on where it was.") from None


def opened(file: Path, legacy: Home | None) -> AbstractContextManager[SqliteSource]:
    return LegacySource.opened(file, legacy) if legacy else SqliteSource.opened(file)


def require_postgresql(config: Config) -> None:
    guard.require_configuration(config)
    if is_sqlite(guard.usable(config.database_url)):
        mend = config.correct("DATABASE_URL", POSTGRESQL)
        raise TransferFailed(f"DATABASE_URL names a SQLite file: a move goes to PostgreSQL. To mend: {mend}")


class Move:
    def __init__(
        self, config: Config, source: SqliteSource, target: Target, wanted: Wanted, progress: Progress
    ):
        self.config, self.source, self.target = config, source, target
        self.wanted, self.progress = wanted, progress
        self.started = monotonic()
        self.report = Report(source.file, target.where, source.fingerprint)

    def run(self) -> Report:
        with workplace(self.folder()) as private:
            try:
                self.inspect(private)
                self.proceed(private)
            finally:
                self.report.seconds = monotonic() - self.started
            self.end(private)
        return self.report

    def end(self, private: Path) -> None:
        """A source is retired only once there is a report; that then says so as well."""
        path = self.folder() / self.named("json")
        with self.report.told_of(path):
            self.report.unplaced.keep(self.source.unplaced(), private / "unplaced")
        self.report.write(path, private)
        if self.wanted.retire and self.report.is_proven:
            self.report.retired = self.source.retire()
            self.report.write(path, private)

    def proceed(self, private: Path) -> None:
        done, at = self.target.finished()
        if done and done.get("source") == self.source.fingerprint:
            self.report.verified_at = at
            return self.verify_again(done)
        unfinished = self.target.unfinished()
        if unfinished and self.wanted.dry_run:
            raise TransferFailed(
                f"A move of {unfinished.source} is unfinished: there is nothing to try here."
            )
        if not unfinished:
            self.target.require_empty()
        require_alone(self.config, self.source, self.target)
        if unfinished and self.wanted.start_over:
            self.target.clear()
            unfinished = None
        if unfinished:
            self.require_same(unfinished)
        else:
            unfinished = self.prepare(private)
        if unfinished:
            self.go_on(unfinished)
        return None

    # Before anything is moved

    def folder(self) -> Path:
        """Where a copy of the source is kept, and the report beside it."""
        folder = self.config.backup_dir or self.source.file.parent
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder

    def named(self, ending: str) -> str:
        return f"{self.source.file.name}.before-transfer-{self.report.at.strftime(STAMP)}.{ending}"

    def inspect(self, private: Path) -> None:
        self.report.revision = self.source.make_ready(private, self.target.tables, self.progress)

    def prepare(self, private: Path) -> Unfinished | None:
        """Try all of it. What to move then; nothing where the try was all that was wanted, or failed."""
        with self.report.timed("looking"):
            self.source.require_sound()
        self.meet(self.target.last_event())
        quarantine = Quarantine(None if self.wanted.dry_run else self.wanted.quarantine, self.source)
        try:
            with self.report.timed("trying"):
                tried = DryRun(self.source, self.target, quarantine, self.progress)
                tried.run()
            self.source.require_identical()
            self.report.problems = tried.problems
            stops = self.wanted.dry_run or (tried.problems.total and self.wanted.quarantine is None)
            if stops:
                self.report.tables = self.counted()
                self.report.state = PROBLEMS if tried.problems.total else CHECKED
                return None
            return self.begin(quarantine, private)
        finally:
            quarantine.drop()

    def begin(self, quarantine: Quarantine, private: Path) -> Unfinished:
        kept = self.folder() / self.named("db")
        with self.report.timed("keeping a copy"):
            self.source.copy_to(private / kept.name, self.progress)
        if not quarantine.is_empty:
            quarantine.finish()
        (private / kept.name).rename(kept)
        disk.sync(kept.parent)
        move = Unfinished(
            str(self.source.file),
            self.source.fingerprint,
            self.target.uuid,
            revisions.head(),
            str(kept),
            self.target.last_event(),
        )
        self.target.begin(move, quarantine.left_out())
        return move

    def require_same(self, unfinished: Unfinished) -> None:
        """Raise TransferFailed where it cannot be gone on with."""
        now = (self.source.fingerprint, self.target.uuid, revisions.head())
        if now == (unfinished.fingerprint, unfinished.target, unfinished.revision):
            return
        raise TransferFailed(
            f"A move of {unfinished.source} was interrupted, and this is not what was moved then: another "
            "file, or the same one after somebody wrote to it, or another version of Caloria. "
            "To begin anew, and take back what was moved: the same command with --start-over"
        )

    # The move

    def go_on(self, move: Unfinished) -> None:
        self.report.kept = Path(move.kept)
        if self.wanted.quarantine:
            keep(self.wanted.quarantine)
        self.source.leave_out(self.target.left_out())
        self.meet(move.shift)
        try:
            with self.report.timed("copying"):
                sent = self.copied()
            self.finish(move, sent)
        except SourceChanged as changed:
            self.target.connection.rollback()
            self.target.clear()
            raise TransferFailed(f"{changed.message} The target is empty again.") from None

    def meet(self, shift: int) -> None:
        """Number the events of the source on behind those that the target has already."""
        self.source.shift = self.target.shift = shift
        seals, events = self.target.tables[-2:]
        self.target.source_seals = self.source.numbers(seals)[1]
        self.target.source_events = self.source.numbers(events)[1]

    def copied(self) -> dict[str, Sent]:
        """Everything but the audit, for good, batch by batch."""
        sent, self.total = {}, sum(self.source.count(table) for table in self.target.tables)
        self.done = 0
        for table in self.target.tables[: -len(AUDIT)]:
            for point in self.copy(table):
                self.source.require_unchanged()
                self.target.check(point)
                self.target.connection.commit()
            sent[table.name] = Sent(point.rows, point.checksum)
        return sent

    def copy(self, table: Table) -> Iterator[Checkpoint]:
        """How far it is after each batch; at the end, that it is done."""
        point = self.target.checkpoint(table) if table.name not in AUDIT else Checkpoint(table.name)
        self.done += point.rows
        for rows in self.source.batches(table, point.last_row):
            added = self.send(table, rows)
            point = Checkpoint(table.name, rows[-1][0], point.rows + len(rows), point.checksum + added)
            self.done += len(rows)
            self.progress(COPYING, self.done, self.total)
            yield point
        yield point._replace(done=True)

    def send(self, table: Table, rows: list[tuple]) -> int:
        """Copy some rows; their checksum."""
        read = table.read(rows)
        self.target.copy(named(table.name), table.names, copied_text(read))
        return checksum(canonical_rows(read))

    def finish(self, move: Unfinished, sent: dict[str, Sent]) -> None:
        """The audit, the proof of everything and the word for it come in one transaction, or not at all."""
        for table in self.target.tables[-len(AUDIT) :]:
            for point in self.copy(table):
                sent[table.name] = Sent(point.rows, point.checksum)
        self.verify(sent, is_new=True)
        if self.report.differences:
            self.target.connection.rollback()
            return
        self.source.require_identical()
        require_target_alone(self.config, self.target)
        self.report.state = MOVED
        self.target.note(self.report.marker(move.shift, self.target.left_out()))
        self.target.connection.commit()
        self.target.analyze()

    def verify(self, sent: dict[str, Sent], is_new: bool) -> None:
        verification = Verification(self.source, self.target, sent, self.progress)
        with self.report.timed("verifying"):
            self.report.differences = verification.run(is_new)
        self.report.state = DIFFERS
        self.report.compared = verification.compared_things
        self.report.tables = self.counted(sent)

    def counted(self, sent: dict[str, Sent] | None = None) -> list[dict]:
        return [
            {
                "name": table.name,
                "rows": self.source.count(table) + self.source.left_out(table),
                "left_out": self.source.left_out(table),
                "moved": sent[table.name].rows if sent else 0,
                "checksum": str(sent[table.name].checksum) if sent else None,
            }
            for table in self.target.tables
        ]

    def verify_again(self, done: dict) -> None:
        """It was moved before: nothing is changed, and everything is compared once more."""
        self.source.leave_out(left_out_of(done))
        self.meet(done["shift"])
        self.report.kept = Path(done["kept"])
        try:
            self.verify(read_again(self.source, self.target.tables, self.progress), is_new=False)
        finally:
            self.target.connection.rollback()
        if not self.report.differences:
            self.source.require_identical()
            self.report.state = VERIFIED


def left_out_of(done: dict) -> Iterator[tuple[str, int]]:
    for name, ranges in done["left_out"].items():
        for first, last in ranges:
            yield from ((name, row) for row in range(first, last + 1))
