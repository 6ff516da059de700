"""Questions about tables and revisions."""

import shlex
from collections.abc import Iterator
from operator import attrgetter

from alembic.ddl.impl import DefaultImpl
from alembic.migration import MigrationContext
from sqlalchemy import Column, MetaData, inspect, text
from sqlalchemy.types import NullType

from caloria.guard import revisions
from caloria.guard.configuration import pinned_database_absent
from caloria.guard.mending import adopt, another
from caloria.guard.refusal import CONFIGURATION, FOREIGN_SCHEMA, NEWER, NOT_MIGRATED, Notice, Refusal
from caloria.guard.subject import Subject
from caloria.guard.unreachable import mended
from settings.shell import either

OURS = "Caloria's own tables"
TELLTALE = {"users", "foods", "meals", "entries"}
CLOSED_TO_THIS_ROLE = """
    SELECT name FROM unnest(CAST(:names AS text[])) AS name
    WHERE NOT (has_table_privilege(name, 'SELECT') AND has_table_privilege(name, 'INSERT'))
"""


def first(names: list[str]) -> str:
    """Up to five names, and that there are more."""
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


def it_is_not_empty(subject: Subject) -> Refusal | None:
    """Rows 12 and 13."""
    if subject.tables or subject.stamped:
        return None
    found = f"{subject.where} is empty"
    if subject.config.database_id:
        return pinned_database_absent(found, subject.config, subject.url)
    expected = f"{OURS} at revision {subject.head}"
    return Refusal(NOT_MIGRATED, "not_migrated", found, expected, "flask db upgrade")


def its_tables_have_a_revision(subject: Subject) -> Refusal | None:
    """Rows 15 and 16: tables that no migration made."""
    if subject.stamped:
        return None
    tables = sorted(subject.tables)
    if len(subject.tables & TELLTALE) < 2:
        return another_application(subject, tables)
    found = f"{subject.where} has tables ({first(tables)}) but no revision: no migration made them"
    mend = either(
        (adopt(subject.config), "when its tables are those of a revision"),
        (another(subject.config, subject.url), "when another database is meant"),
    )
    return Refusal(FOREIGN_SCHEMA, "tables_without_revision", found, f"{OURS} at {subject.head}", mend)


def its_tables_are_ours(subject: Subject) -> Refusal | None:
    """Row 16, and row 14 where a revision is stamped over nothing."""
    if "identity" in subject.tables:
        return None
    if subject.unknown:
        return another_application(subject, sorted(subject.tables))
    found = f"{subject.where} says revision {first(subject.stamped)}, but has no table identity"
    expected = f"the tables of revision {first(subject.stamped)}"
    mend = another(subject.config, subject.url)
    return Refusal(FOREIGN_SCHEMA, "tables_differ", found, expected, mend)


def another_application(subject: Subject, tables: list[str]) -> Refusal:
    found = f"{subject.where} holds another application's tables ({first(tables) or 'none of ours'})"
    mend = another(subject.config, subject.url)
    return Refusal(FOREIGN_SCHEMA, "foreign_tables", found, OURS, mend)


def it_has_one_revision(subject: Subject) -> Refusal | None:
    """Row 17."""
    if len(subject.stamped) == 1:
        return None
    found = f"{subject.where} is stamped with {len(subject.stamped)} revisions ({first(subject.stamped)})"
    mend = "restore the database from its last backup, or see flask db current --verbose"
    return Refusal(FOREIGN_SCHEMA, "two_heads", found, f"one revision, {subject.head}", mend)


def its_revision_is_known(subject: Subject) -> Refusal | None:
    """Row 20, and row 19 for a migration: code that does not know a revision cannot go on from it."""
    if not subject.unknown:
        return None
    found = f"{subject.where} is at revision {subject.stamped[0]}, which this code does not know"
    mend = "install the version of Caloria that last ran on this database, or a newer one"
    return Refusal(NEWER, "newer_than_code", found, f"revision {subject.head}", mend)


def it_is_not_too_new(subject: Subject) -> Refusal | Notice | None:
    """Rows 19 and 20: a newer revision may say that this code can still run on it."""
    if not subject.is_ahead:
        return its_revision_is_known(subject)
    newer = f"{subject.where} is at revision {subject.stamped[0]}"
    return Notice("ahead_of_code", f"{newer}, newer than this code, which may still run on it.")


def it_is_not_behind(subject: Subject) -> Refusal | None:
    """Row 18."""
    stamped = subject.stamped[0]
    if stamped == subject.head or subject.is_ahead:
        return None
    found = f"{subject.where} is at revision {stamped}, {revisions.between(stamped)} behind"
    return Refusal(NOT_MIGRATED, "behind", found, f"revision {subject.head}", "flask db upgrade")


def its_tables_are_as_written(subject: Subject) -> Refusal | None:
    """Row 14. What a newer revision added is no difference to code that it lets run."""
    if subject.metadata is None or not subject.metadata.tables:
        raise LookupError("without models every table would pass")
    differences = list(differing(subject, subject.metadata))
    if not differences:
        return None
    found = f"{subject.where} says revision {subject.head}, but differs: {first(differences)}"
    mend = "restore the database from its last backup, or undo the change that was made by hand"
    return Refusal(FOREIGN_SCHEMA, "tables_differ", found, f"the tables of {subject.head}", mend)


# Whoever uses the app only reads these.
OWNERS_ALONE = {"identity", "audit_archives"}


def its_rows_can_be_written(subject: Subject) -> Refusal | None:
    """Part of row 10: a role that was let in, and may only look."""
    if subject.is_sqlite:
        return None
    names = sorted(set(subject.metadata.tables) - OWNERS_ALONE) if subject.metadata else []
    closed = list(subject.connection.scalars(text(CLOSED_TO_THIS_ROLE), {"names": names}))
    if not closed:
        return None
    found = f"{subject.where}: this role may not read and write {first(closed)}"
    mend = mended("database_access", subject.config, subject.url)
    return Refusal(CONFIGURATION, "database_access", found, "a role that reads and writes rows", mend)


def no_transfer_is_under_way(subject: Subject) -> Refusal | None:
    """Half of a database that was moved looks like a whole one. The schema is there until all is verified."""
    if subject.is_sqlite or subject.value("SELECT to_regnamespace('caloria_transfer') IS NULL"):
        return None
    source = subject.value("SELECT obj_description(to_regnamespace('caloria_transfer'), 'pg_namespace')")
    found = f"{subject.where} holds a part of what is moved into it from {source or 'another database'}"
    mend = f"flask transfer {shlex.quote('sqlite:///' + (source or 'FILE'))}"
    return Refusal(FOREIGN_SCHEMA, "transfer_unfinished", found, "all of it, verified", mend)


def differing(subject: Subject, metadata: MetaData) -> Iterator[str]:
    """Each difference in words. Of tables and indexes that only the database has nothing is said.

    Alembic would read indexes and foreign keys too, of which nothing is said, for eight times as long.
    """
    impl = MigrationContext.configure(subject.connection).impl
    columns_of = {
        name: columns for (_, name), columns in inspect(subject.connection).get_multi_columns().items()
    }
    for table in sorted(metadata.tables.values(), key=attrgetter("name")):
        if table.name not in columns_of:
            yield f"table {table.name} is missing"
            continue
        there = {
            each["name"]: Column(each["name"], each["type"], nullable=each["nullable"])
            for each in columns_of[table.name]
        }
        for column in table.columns:
            if column.name not in there:
                yield f"column {table.name}.{column.name} is missing"
            elif is_changed(there[column.name], column, impl, subject.is_ahead):
                yield f"column {table.name}.{column.name} is changed"
        for name in there.keys() - table.columns.keys():
            if not subject.is_ahead and not name.startswith("search_"):
                yield f"column {table.name}.{name} is not ours"


def is_changed(there: Column, ours: Column, impl: DefaultImpl, is_ahead: bool) -> bool:
    if not isinstance(there.type, NullType) and impl.compare_type(there, ours):
        return True
    return not is_ahead and there.nullable != ours.nullable
