"""Is what arrived what was sent? Asked of PostgreSQL in its own words, and compared with what was read."""

import math
from collections.abc import Iterator
from hashlib import md5
from random import Random
from typing import NamedTuple

from sqlalchemy.exc import DBAPIError

from caloria.operations.backup.contents import Progress
from caloria.operations.transfer.sqlite_source import SqliteSource
from caloria.operations.transfer.staging import said_by
from caloria.operations.transfer.tables import (
    AUDIT,
    NUMBER,
    Table,
    canonical_keys,
    canonical_rows,
    checksum,
    number_of,
)
from caloria.operations.transfer.target import Target
from settings.shell import named

SAMPLES, NAMED_ROWS = 20, 20
BUCKET_DIGITS = 3
CLOSE = 1e-9
VERIFYING = "Verifying"
BUCKETS = """
    SELECT left(md5({key}), {digits}), coalesce(sum({number}), 0)::text FROM {table} {part} GROUP BY 1
"""
FOUND_BY_EMAIL = """
    SELECT count(*) FROM unnest(CAST(:made AS text[]), CAST(:ids AS uuid[])) AS sent (made, id)
    LEFT JOIN users ON users.email_key = sent.made WHERE users.id IS DISTINCT FROM sent.id
"""
SEQUENCES = """
    SELECT attname, pg_get_serial_sequence('{table}', attname) FROM pg_attribute
    WHERE attrelid = '{table}'::regclass AND attnum > 0
      AND pg_get_serial_sequence('{table}', attname) IS NOT NULL
"""


INSERTED_AGAIN = """
    WITH taken AS (DELETE FROM {table} WHERE ctid = (SELECT ctid FROM {table} LIMIT 1) RETURNING {columns})
    INSERT INTO {table} ({columns}) SELECT {columns} FROM taken
"""


class Sent(NamedTuple):
    """What was read of a table, and the checksum of that."""

    rows: int
    checksum: int


class Verification:
    """Everything that is compared, and what is different, in words; equal where there are none."""

    def __init__(self, source: SqliteSource, target: Target, sent: dict[str, Sent], progress: Progress):
        self.source, self.target, self.sent, self.progress = source, target, sent, progress
        self.differences: list[str] = []
        self.sampled = self.people = self.amounts = self.inserted = 0

    def run(self, is_new: bool) -> list[str]:
        """Sequences are set and tried after a move; nothing is changed where that was long ago."""
        for number, table in enumerate(self.target.tables):
            self.progress(VERIFYING, number, len(self.target.tables))
            self.differences += self.of_table(table)
        if not self.differences:
            self.differences += [*self.of_samples(), *self.of_people()]
        if is_new and not self.differences:
            self.differences += [*self.of_inserts(), *self.of_sequences()]
        return self.differences

    @property
    def compared_things(self) -> dict[str, int]:
        return {
            "tables": len(self.target.tables),
            "amounts": self.amounts,
            "sampled_rows": self.sampled,
            "people_found_by_email": self.people,
            "inserts_taken_back": self.inserted,
        }

    def of_table(self, table: Table) -> Iterator[str]:
        sent, found = self.sent[table.name], self.target.count(table)
        expected = self.source.count(table)
        if sent.rows != expected:
            yield f"{table.name}: {sent.rows:,} rows were sent of {expected:,}"
        if found != sent.rows:
            yield f"{table.name} has {found:,} rows in place of {sent.rows:,}"
        if found != sent.rows or self.target.checksum(table) != sent.checksum:
            yield from self.told_apart(table)
        else:
            yield from self.of_amounts(table)

    def of_amounts(self, table: Table) -> Iterator[str]:
        """The sums of both databases, each by its own arithmetic."""
        if not table.amounts:
            return
        asked = ", ".join(f"{what}({named(name)})" for name in table.amounts for what in ("sum", "max"))
        theirs = self.target.ask(f"SELECT {asked} FROM {named(table.name)}").one()
        names = [name for name in table.amounts for _ in range(2)]
        for name, ours, other in zip(names, self.source.sums(table), theirs, strict=True):
            self.amounts += 1
            if (ours is None) != (other is None) or not math.isclose(ours or 0, other or 0, rel_tol=CLOSE):
                yield f"{table.name}: {name} adds up to {other} in place of {ours}"

    # Which rows differ: those of a part in which the sums differ, for all rows at once would be too many

    def told_apart(self, table: Table) -> Iterator[str]:
        ours, theirs = self.buckets_here(table), self.buckets_there(table)
        differ = {name for name in ours.keys() | theirs.keys() if ours.get(name, 0) != theirs.get(name, 0)}
        examined = set(sorted(differ)[:NAMED_ROWS])
        sent, found = self.rows_here(table, examined), self.rows_there(table, examined)
        said = 0
        for key in sorted(sent.keys() | found.keys()):
            if sent.get(key) != found.get(key) and said < NAMED_ROWS:
                said += 1
                yield f"{table.name} {shown(table, key)} {self.fault(table, sent.get(key), found.get(key))}"
        if len(differ) > len(examined):
            yield f"{table.name} has more rows that differ"

    def fault(self, table: Table, sent: list[str] | None, found: list[str] | None) -> str:
        if sent is None:
            return "is in the target alone"
        if found is None:
            return "is missing in the target"
        pairs = zip(table.columns, sent, found, strict=True)
        return f"differs in {', '.join(column.name for column, one, other in pairs if one != other)}"

    def buckets_here(self, table: Table) -> dict[str, int]:
        sums: dict[str, int] = {}
        for rows in self.source.batches(table):
            read = table.read(rows)
            for key, row in zip(canonical_keys(table, read), canonical_rows(read), strict=True):
                name = bucket(key)
                sums[name] = sums.get(name, 0) + number_of(row)
        return sums

    def buckets_there(self, table: Table) -> dict[str, int]:
        asked = BUCKETS.format(
            key=table.canonical_key,
            digits=BUCKET_DIGITS,
            number=NUMBER.replace("{}", table.canonical),
            table=named(table.name),
            part=self.target.part(table),
        )
        return {name: int(total) for name, total in self.target.ask(asked)}

    def rows_here(self, table: Table, buckets: set[str]) -> dict[str, list[str]]:
        found = {}
        for rows in self.source.batches(table):
            read = table.read(rows)
            for place, key in enumerate(canonical_keys(table, read)):
                if bucket(key) in buckets:
                    found[key] = [column.canonical[place] for column in read]
        return found

    def rows_there(self, table: Table, buckets: set[str]) -> dict[str, list[str]]:
        columns = ", ".join(column.canonical for column in table.columns)
        part = self.target.part(table) or "WHERE true"
        rows = self.target.run(
            f"SELECT {escaped(table.canonical_key)}, {escaped(columns)} FROM {named(table.name)} {part} "
            f"AND left(md5({escaped(table.canonical_key)}), {BUCKET_DIGITS}) = ANY (:buckets)",
            buckets=list(buckets),
        )
        return {row[0]: list(row[1:]) for row in rows}

    # By other ways than the sums

    def of_samples(self) -> Iterator[str]:
        """Some rows field by field; always the same ones of the same source."""
        chance = Random(self.source.fingerprint)  # noqa: S311  nobody need be unable to guess
        full = [table for table in self.target.tables if self.sent[table.name].rows]
        weights = [self.sent[table.name].rows for table in full]
        for table in chance.choices(full, weights, k=SAMPLES) if full else []:
            row = self.source.row_after(table, chance.randint(*self.source.numbers(table)))
            if row:
                self.sampled += 1
                yield from self.compared(table, row)

    def compared(self, table: Table, row: tuple) -> Iterator[str]:
        read = table.read([row])
        [key] = canonical_keys(table, read)
        columns = ", ".join(column.canonical for column in table.columns)
        conditions = " AND ".join(
            f"{escaped(table.columns[place].canonical)} = :part_{place}" for place in table.key_places
        )
        parts = {f"part_{place}": read[place].canonical[0] for place in table.key_places}
        asked = f"SELECT {escaped(columns)} FROM {named(table.name)} WHERE {conditions}"
        found = self.target.run(asked, **parts).one_or_none()
        sent = [column.canonical[0] for column in read]
        if found is None or list(found) != sent:
            yield f"{table.name} {shown(table, key)} {self.fault(table, sent, found and list(found))}"

    def of_people(self) -> Iterator[str]:
        """Everybody is found by the address that they sign in with."""
        for people in self.source.people():
            made, ids = zip(*people, strict=True)
            lost = self.target.run(FOUND_BY_EMAIL, made=list(made), ids=list(ids)).scalar_one()
            self.people += len(people)
            if lost:
                yield f"users: {lost:,} people are not found by their e-mail address"

    def of_inserts(self) -> Iterator[str]:
        """Each table takes a row: one that it has goes and comes again, and all of that is taken back."""
        for table in self.target.tables:
            if self.sent[table.name].rows and table.name not in AUDIT:
                yield from self.inserted_again(table)

    def inserted_again(self, table: Table) -> Iterator[str]:
        """With every rule and trigger. At the end of the statement nothing points at what is not there."""
        insert = INSERTED_AGAIN.format(table=named(table.name), columns=table.names)
        try:
            with self.target.connection.begin_nested() as attempt:
                inserted = self.target.ask(insert).rowcount
                attempt.rollback()
        except DBAPIError as error:
            self.target.require_about_rows(error)
            yield f"{table.name} takes no row: {' '.join(said_by(error))}"
        else:
            self.inserted += inserted

    def of_sequences(self) -> Iterator[str]:
        """Each goes on behind the greatest number: proved by an insert that is taken back."""
        for table in self.target.tables:
            for column, sequence in self.target.ask(SEQUENCES.replace("{table}", table.name)):
                most = f"SELECT max({named(column)}) FROM {named(table.name)}"
                self.target.ask(f"SELECT setval('{sequence}', coalesce(({most}), 1), ({most}) IS NOT NULL)")
                yield from self.inserted_behind(table, column)

    def inserted_behind(self, table: Table, column: str) -> Iterator[str]:
        others = ", ".join(named(each.name) for each in table.columns if each.name != column)
        name = named(table.name)
        with self.target.connection.begin_nested() as attempt:
            is_behind = self.target.ask(
                f"INSERT INTO {name} ({others}) SELECT {others} FROM {name} LIMIT 1 "
                f"RETURNING {named(column)} > (SELECT max({named(column)}) FROM {name})"
            ).scalar_one_or_none()
            attempt.rollback()
        self.inserted += 1
        if is_behind is False:
            yield f"{table.name}: {column} does not go on behind what is there"


def read_again(source: SqliteSource, tables: list[Table], progress: Progress) -> dict[str, Sent]:
    """What is in a file: what a move of it would send, where it was sent long ago."""
    sent, done = {}, 0
    total = sum(source.count(table) for table in tables)
    for table in tables:
        rows_sent, total_sum = 0, 0
        for rows in source.batches(table):
            total_sum += checksum(canonical_rows(table.read(rows)))
            rows_sent, done = rows_sent + len(rows), done + len(rows)
            progress("Reading", done, total)
        sent[table.name] = Sent(rows_sent, total_sum)
    return sent


def bucket(key: str) -> str:
    return md5(key.encode(), usedforsecurity=False).hexdigest()[:BUCKET_DIGITS]


def shown(table: Table, key: str) -> str:
    """A canonical key, without what is secret in it."""
    if any(table.columns[place].is_secret for place in table.key_places):
        return f"{key.partition(':')[2][:8]}…"
    return key.replace("|", ", ")


def escaped(sql: str) -> str:
    """Colons that are no parameters."""
    return sql.replace(":", "\\:")
