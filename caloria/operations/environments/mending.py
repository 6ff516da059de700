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


def leave(url: URL, role: str, other: str) -> str:
    return sql(url, f"REVOKE {named(other)} FROM {named(role)}")


# Not REASSIGN OWNED: that gives away the role's other databases too, and refuses for the server's first role.
TAKE_OVER = """
    DO $$ DECLARE owned record; BEGIN FOR owned IN
      SELECT 'TABLE ' || oid::regclass AS thing FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'f')
        AND relnamespace = 'public'::regnamespace AND relowner = {old}::regrole
      UNION ALL SELECT 'ROUTINE ' || oid::regprocedure FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace AND proowner = {old}::regrole
      LOOP EXECUTE format('ALTER %s OWNER TO %s', owned.thing, {new}::regrole); END LOOP; END $$
"""


def take_over(url: URL, role: str, owner: str) -> tuple[str, str]:
    """Statements that give the owner this database and what the role owns in it, and nothing else."""
    old, new = (literal(named(name)) for name in (role, owner))
    things = " ".join(TAKE_OVER.format(old=old, new=new).split())
    return f"ALTER DATABASE {named(url.database)} OWNER TO {named(owner)}", things


def literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def hand_over(url: URL, role: str, owner: str) -> str:
    """Give what the role owns in this database to the owner, and grant the role its own rights anew."""
    return f"{within(url, *take_over(url, role, owner))} && {set_up(url)}"


def split(url: URL, role: str) -> str:
    """Give a database that one role owns and uses an owner of its own, and the app a role of its own."""
    owner = Roles.of(str(url.database)).owner
    made = within(url, f"CREATE ROLE {named(owner)}", *take_over(url, role, owner))
    return f"{made} && {set_up(url, '--new-passwords')}"


def within(url: URL, *statements: str) -> str:
    """Statements that are about this database, said in it."""
    commands = (f"--command={quoted(statement)}" for statement in statements)
    return program("psql", url, f"--dbname={name_of(url)}", *commands)
