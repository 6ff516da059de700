"""The whole move, tried in one transaction that is taken back: it finds everything that is wrong at once."""

from collections.abc import Iterator

import psycopg2
from sqlalchemy.exc import DBAPIError

from caloria.operations.backup.contents import Progress
from caloria.operations.transfer.failure import Unfit
from caloria.operations.transfer.problems import Problem, Problems
from caloria.operations.transfer.quarantine import Quarantine
from caloria.operations.transfer.sqlite_source import SqliteSource
from caloria.operations.transfer.staging import Staging, said_by
from caloria.operations.transfer.tables import ReadColumn, Table, copied_text
from caloria.operations.transfer.target import Target
from caloria.operations.transfer.values import NULL, Read
from settings.shell import named

CHECKING = "Checking"


class DryRun:
    """Afterwards the target is as before; `problems` says what would not fit."""

    def __init__(self, source: SqliteSource, target: Target, quarantine: Quarantine, progress: Progress):
        self.source, self.target, self.quarantine, self.progress = source, target, quarantine, progress
        self.problems = Problems()
        self.done, self.total = 0, sum(source.count(table) for table in target.tables)
        self.orphans = {(table, row, parent) for table, row, parent in source.orphans()}
        self.misfolded = list(source.misfolded())

    def run(self) -> None:
        try:
            for table in self.target.tables:
                for rows in self.source.batches(table):
                    self.source.require_unchanged()
                    self.try_batch(table, rows)
                    self.done += len(rows)
                    self.progress(CHECKING, self.done, self.total)
        finally:
            self.take_back()

    def take_back(self) -> None:
        """Also the room that the rows took."""
        if self.target.driver.closed:
            return
        self.target.connection.rollback()
        self.target.vacuum()

    def try_batch(self, table: Table, rows: list[tuple]) -> None:
        numbers = {row[0] for row in rows}
        known = table.name == "users" and any(row in numbers for row, _ in self.misfolded)
        try:
            if known:
                raise Unfit
            text = copied_text(table.read(rows))
            with self.target.connection.begin_nested():
                self.target.copy(named(table.name), table.names, text)
        except (Unfit, psycopg2.Error) as error:
            self.target.require_about_rows(error)
            Examination(self, table, rows).run()


class Examination:
    """A batch in which something is wrong: what, and with which rows. The others go on."""

    def __init__(self, dry_run: DryRun, table: Table, rows: list[tuple]):
        self.dry_run, self.table, self.rows = dry_run, table, rows
        self.by_number = {row[0]: row for row in rows}
        self.staging = Staging(dry_run.target, table)
        self.bad: dict[int, list[Problem]] = {}

    def run(self) -> None:
        if self.table.name == "users":
            for number, reason in self.dry_run.misfolded:
                if number in self.by_number:
                    self.say(number, "email", reason)
        for part in self.loaded(self.rows):
            self.ask_rules()
            self.insert(part[0][0], part[-1][0])
        for number in sorted(self.bad):
            self.dry_run.quarantine.put(self.table, self.by_number[number], self.bad[number])

    def loaded(self, rows: list[tuple]) -> Iterator[list[tuple]]:
        """The rows, in parts that PostgreSQL takes as values at all."""
        text = copied_text(self.read(rows))
        try:
            with self.dry_run.target.connection.begin_nested():
                self.staging.load([row[0] for row in rows], text)
        except psycopg2.Error as error:
            self.dry_run.target.require_about_rows(error)
            if len(rows) == 1:
                self.say(rows[0][0], *said_by(error))
                return
            half = len(rows) // 2
            yield from self.loaded(rows[:half])
            yield from self.loaded(rows[half:])
        else:
            yield rows

    def read(self, rows: list[tuple]) -> list[ReadColumn]:
        """What cannot be read is left empty, so that the rest of its row is looked at as well."""
        columns = zip(self.table.columns, list(zip(*rows, strict=True))[1:], strict=True)
        return [
            ReadColumn.of(self.cell(row[0], column, value) for row, value in zip(rows, values, strict=True))
            for column, values in columns
        ]

    def cell(self, number: int, column, value) -> Read:
        try:
            return column.read(value)
        except Unfit as unfit:
            self.say(number, column.name, str(unfit), column.shown(value))
            return NULL

    def ask_rules(self) -> None:
        for number, columns, reason, parent in self.staging.against():
            if columns == "email_key" and number in self.bad:
                continue  # that of an address of which it was said already
            if parent and (self.table.name, number, parent) not in self.dry_run.orphans:
                self.say(number, columns, f"points at a row of {parent} that is left out", depends=True)
            else:
                self.say(number, columns, reason, self.shown(number, columns))

    def shown(self, number: int, columns: str) -> str | None:
        if ", " in columns:
            return None
        places = [place for place, column in enumerate(self.table.columns) if column.name == columns]
        return self.table.columns[places[0]].shown(self.by_number[number][places[0] + 1])

    def insert(self, least: int, most: int) -> None:
        """What the rules as we asked them let pass; whatever is refused all the same is narrowed down to."""
        try:
            with self.dry_run.target.connection.begin_nested():
                self.staging.insert(least, most, set(self.bad))
        except DBAPIError as error:
            self.dry_run.target.require_about_rows(error)
            left = sorted(n for n in self.by_number if least <= n <= most and n not in self.bad)
            if len(left) == 1:
                self.say(left[0], *said_by(error))
                return
            half = left[len(left) // 2]
            self.insert(left[0], half - 1)
            self.insert(half, left[-1])

    def say(
        self, number: int, column: str, reason: str, value: str | None = None, depends: bool = False
    ) -> None:
        cell = self.dry_run.source.cell(self.table, self.by_number[number], column, value)
        problem = Problem(cell.table, cell.key, cell.column, reason, cell.value)
        said = self.bad.setdefault(number, [])
        if problem not in said:
            said.append(problem)
            self.dry_run.problems.add(problem, depends)
