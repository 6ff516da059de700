"""Whether everybody can be told apart by the address that they sign in with."""

import sqlite3
from collections.abc import Iterator

from caloria.models.user import email_key

AT_ONCE = 1000


def teach_keys(rows: sqlite3.Connection) -> None:
    """Let statements fold an address as the app does."""
    rows.create_function("email_key", 1, folded, deterministic=True)


def folded(raw: bytes | None) -> str | None:
    """The key of an address as the app makes it; none of what cannot be read."""
    try:
        return None if raw is None else email_key(raw.decode())
    except UnicodeDecodeError:
        return None


def people(rows: sqlite3.Connection) -> Iterator[list[tuple[str, str]]]:
    """What each address should be found by, and the id that should be found."""
    cursor = rows.execute(
        "SELECT email_key(CAST(email AS BLOB)), id FROM users "
        "WHERE rowid NOT IN (SELECT row FROM temp.left_out WHERE name = 'users')"
    )
    while found := cursor.fetchmany(AT_ONCE):
        yield [(key.decode(), person.decode()) for key, person in found]


def misfolded(rows: sqlite3.Connection, owner: str) -> Iterator[tuple[int, str]]:
    """People whose address is another's, or is kept under another key than its own; in what words.

    owner is the expression that says how a person is spoken of.
    """
    made = (
        f"SELECT rowid AS row, {owner} AS owner, email_key, email_key(CAST(email AS BLOB)) AS made FROM users"
    )
    rows.execute(f"CREATE TEMP TABLE IF NOT EXISTS addresses AS {made}")
    rows.execute("CREATE INDEX IF NOT EXISTS temp.addresses_made ON addresses (made)")
    twins = (
        "SELECT row, (SELECT group_concat(other.owner, ', ') FROM temp.addresses AS other "
        "WHERE other.made = addresses.made AND other.row <> addresses.row) FROM temp.addresses "
        "WHERE made IN (SELECT made FROM temp.addresses GROUP BY 1 HAVING count(*) > 1)"
    )
    for row, others in rows.execute(twins).fetchall():
        yield row, f"is the same address as that of {others.decode()}"
    differ = "SELECT row FROM temp.addresses WHERE made <> email_key"
    for (row,) in rows.execute(differ).fetchall():
        yield row, "is not kept under the key that Caloria makes of it"
