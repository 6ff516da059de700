"""The lines that put roles and their rights in order. USER and PASSWORD are those of an administrator."""

from sqlalchemy import URL

from caloria.operations.environments.roles import Roles
from settings.shell import address, name_of, named, program, quoted, sql


def set_up(url: URL, *words: str) -> str:
    """Make what is missing, and grant all of it anew."""
    administrator = address(url, username="USER", database="postgres", with_password=True)
    return " ".join(
        (f"MIGRATION_DATABASE_URL={quoted(administrator)}", "flask database setup", *words, name_of(url))
    )


def give_up(url: URL, role: str, powers: list[str]) -> str:
    return sql(url, f"ALTER ROLE {named(role)} {' '.join(f'NO{power}' for power in powers)}")


def close(url: URL, role: str) -> str:
    return sql(url, f"REVOKE CONNECT ON DATABASE {named(url.database)} FROM PUBLIC, {named(role)}")


def hand_over(url: URL, role: str, owner: str) -> str:
    """Give what the role owns in this database to the owner, and grant the role its own rights anew."""
    return f"{within(url, f'REASSIGN OWNED BY {named(role)} TO {named(owner)}')} && {set_up(url)}"


def split(url: URL, role: str) -> str:
    """Give a database that one role owns and uses an owner of its own, and the app a role of its own."""
    owner = Roles.of(str(url.database)).owner
    made = within(url, f"CREATE ROLE {named(owner)}", f"REASSIGN OWNED BY {named(role)} TO {named(owner)}")
    return f"{made} && {set_up(url, '--new-passwords')}"


def within(url: URL, *statements: str) -> str:
    """Statements that are about this database, said in it."""
    commands = (f"--command={quoted(statement)}" for statement in statements)
    return program("psql", url, f"--dbname={name_of(url)}", *commands)
