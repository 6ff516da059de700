"""The lines that an operator can paste. What is not known, or secret, stands in them in capitals."""

import shlex

from sqlalchemy import URL

from settings.database import hosts_of, is_sqlite

POSTGRESQL = "postgresql://USER:PASSWORD@HOST/NAME"
SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
PLACE = ("host", "hostaddr", "port")
REPEATED = (*PLACE, "user", "sslmode", "sslrootcert", "target_session_attrs", "application_name")


def either(*ways: tuple[str, str]) -> str:
    """Several ways to mend one thing, a line each, with when it is the right one."""
    return "\n".join(f"{line}  # {when}" for line, when in ways)


def quoted(text: str) -> str:
    """Text that a shell takes as it stands, whatever is filled in for its capitals."""
    return "'" + text.replace("'", "'\\''") + "'"


def name_of(url: URL) -> str:
    """The database's name, as one word of a shell."""
    return shlex.quote(str(url.database))


def address(url: URL, *, with_password: bool = False, sslmode: str | None = None, **parts: str) -> str:
    """An address like this one, with some of its parts replaced, and without its password."""
    if is_sqlite(url):
        return f"sqlite:///{parts.get('database', url.database)}"
    left_out = PLACE if "host" in parts else ()
    query = {name: said for name, said in url.query.items() if name in REPEATED and name not in left_out}
    if sslmode or query.get("sslmode") not in SSL_MODES:
        query.pop("sslmode", None)
    query |= {"sslmode": sslmode} if sslmode else {}
    password = "PASSWORD" if with_password or url.password or "password" in url.query else None
    said = {"username": url.username, "host": url.host, "port": url.port, "database": url.database}
    said |= {"port": None} if "host" in parts else {}
    new = URL.create("postgresql", password=password, query=query, **(said | parts))  # type: ignore[arg-type]
    return new.render_as_string(hide_password=False)


def program(name: str, url: URL, *words: str) -> str:
    """A program of PostgreSQL's own, at this server, as a USER who may do such things there."""
    port = url.port or url.query.get("port")
    place = [f"--host={shlex.quote(hosts_of(url)[0])}"] if hosts_of(url)[0] else []
    place += [f"--port={port}"] if isinstance(port, (int, str)) and port else []
    return " ".join([name, *place, "--username=USER", *words])


def sql(url: URL, *statements: str) -> str:
    """Statements for PostgreSQL, said from a database beside the one that they are about."""
    commands = (f"--command={quoted(statement)}" for statement in statements)
    return program("psql", url, "--dbname=postgres", *commands)


def named(name: str | None) -> str:
    """A name of the database's as SQL writes it."""
    return '"' + str(name).replace('"', '""') + '"'


def createdb(url: URL, name: str, *words: str) -> str:
    """Make a database at this server, for the role of this address."""
    owner = [f"--owner={shlex.quote(url.username)}"] if url.username else []
    return program("createdb", url, *words, *owner, shlex.quote(name))
