"""A word of its own in every text that a database can hold, to see which come out again."""

import re
import sqlite3
import subprocess
from collections.abc import Iterator

from clusters import folders
from sqlalchemy import JSON, TEXT, VARCHAR, Connection, Inspector, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError

# Of shared foods everything is public.
OF_PEOPLE = {
    "foods": "owner_id IS NOT NULL",
    "portions": "food_id IN (SELECT id FROM foods WHERE owner_id IS NOT NULL)",
}


def plant(connection: Connection, but: set[str]) -> tuple[dict[str, str], set[str]]:
    """Write a word into each text column but some. Returns the words by column, and what refused one."""
    planted, refused = {}, set()
    for number, (table, column, value) in enumerate(places(inspect(connection)), start=1):
        name, word = f"{table}.{column}", f"canary{number:08}"
        if name in but:
            continue
        try:
            with connection.begin_nested():
                said = f'UPDATE "{table}" SET "{column}" = {value.replace("WORD", word)}'
                found = connection.execute(text(f"{said} WHERE {OF_PEOPLE.get(table, 'true')}"))
            assert found.rowcount, f"nobody has written into {name}"
            planted[name] = word
        except IntegrityError:
            refused.add(name)
    return planted, refused


def places(inspector: Inspector) -> Iterator[tuple[str, str, str]]:
    """Each column that holds text, with an expression for a value that has WORD in it."""
    for table in inspector.get_table_names():
        unique = {name for each in inspector.get_unique_constraints(table) for name in each["column_names"]}
        unique |= set(inspector.get_pk_constraint(table)["constrained_columns"])
        for column in inspector.get_columns(table):
            if isinstance(column["type"], JSON):
                yield table, column["name"], """'{"WORD": "WORD"}'"""
            elif isinstance(column["type"], (TEXT, VARCHAR)):
                its = f"""'WORD' || "{column["name"]}" """ if column["name"] in unique else "'WORD'"
                yield table, column["name"], its


def found_in(words: dict[str, str], copy: bytes) -> set[str]:
    """The columns of which the word is in a copy of a database."""
    there = set(re.findall(rb"canary\d{8}", copy))
    return {name for name, word in words.items() if word.encode() in there}


def copied(url: str, folder) -> bytes:
    """All that a developer would be given of a database."""
    path, address = folder / "copy", make_url(url)
    path.unlink(missing_ok=True)
    if address.get_backend_name() == "sqlite":
        with sqlite3.connect(address.database) as connection:
            connection.execute("VACUUM INTO ?", [str(path)])
        connection.close()
    else:
        plain = address.set(drivername="postgresql").render_as_string(False)
        subprocess.run([folders()[-1] / "pg_dump", f"--file={path}", plain], check=True)
    return path.read_bytes()
