"""Making a copy of a database into one that a developer may have."""

from typing import Any, cast

from sqlalchemy import Connection, text

from caloria.operations.scrub.catalogue import columns_of, forget_statistics
from caloria.operations.scrub.policy import EMPTIED, LISTED, POLICY, Rule
from caloria.operations.triggers import without_triggers

__all__ = ["ScrubRefused", "scrub"]

# An address that somebody typed may be the made-up one of somebody else: first all give way.
NUMBER_PEOPLE = """
UPDATE users SET email_key = CAST(numbered.number AS text)
FROM (SELECT id AS user_id, row_number() OVER (ORDER BY id) AS number FROM users) AS numbered
WHERE numbered.user_id = users.id"""


class ScrubRefused(Exception):
    """Why a database is not scrubbed, in a sentence."""


def scrub(connection: Connection) -> None:
    """Take what says anything of people out of a scratch database, over its owner's connection.

    All in one transaction, which is the caller's to commit. What was overwritten still lies in the database's
    files: only a dump of it without statistics, loaded anew, is free of it, or on SQLite what VACUUM INTO
    writes. The identity is bound to no server. Raises ScrubRefused before anything is changed.
    """
    refuse_unlisted(connection)
    begin(connection)
    with without_triggers(connection):
        connection.exec_driver_sql(NUMBER_PEOPLE)
        for table, rules in POLICY.items():
            if changes := changes_of(rules, connection.dialect.name):
                connection.execute(text(f'UPDATE "{table}" SET {changes}'))  # noqa: S608  our own words
        empty(connection, sorted(EMPTIED))
    forget_statistics(connection)


def refuse_unlisted(connection: Connection) -> None:
    """Nobody decided about a column that the policy does not name. Raises ScrubRefused."""
    there = columns_of(connection)
    unlisted = {each for each in there - LISTED if each[0] not in EMPTIED}
    if unlisted:
        raise ScrubRefused(f"The policy of scrubbing does not name {named(unlisted)}.")
    tables = {(table, "*") for table in POLICY.keys() - {table for table, _column in there}}
    missing = tables | {each for each in LISTED - there if (each[0], "*") not in tables}
    if missing:
        raise ScrubRefused(f"There is no {named(missing)}. Upgrade the database before it is scrubbed.")


def named(columns: set[tuple[str, str]]) -> str:
    return ", ".join(sorted(".".join(each) for each in columns))


def begin(connection: Connection) -> None:
    """Left to itself, SQLite's driver begins when a row is written, and has dropped triggers before."""
    if connection.dialect.name == "sqlite":
        driver = cast("Any", connection.connection.driver_connection)
        if not driver.in_transaction:
            driver.execute("BEGIN IMMEDIATE")


def changes_of(rules: dict[str, Rule], engine: str) -> str:
    """What an UPDATE says of a table's columns, but for those that are kept."""
    said = {name: rule[engine] if isinstance(rule, dict) else rule for name, rule in rules.items()}
    return ", ".join(f'"{name}" = {expression}' for name, expression in said.items() if expression)


def empty(connection: Connection, tables: list[str]) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY")
        return
    for table in tables:
        connection.exec_driver_sql(f'DELETE FROM "{table}"')  # noqa: S608  our own words
