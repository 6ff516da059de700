"""Databases whose tables are not those of the code."""

from fake_server import passing_on_to, server
from hints import Trouble
from processes import told
from sqlalchemy import make_url
from surroundings import flask
from troubles import trouble


@trouble()
def not_migrated(world):
    return Trouble(told(world.empty()), [0])


@trouble()
def behind(world):
    url = world.migrated()
    assert flask("db", "downgrade", url=url).returncode == 0
    return Trouble(told(url), [0])


@trouble("environment", ".env")
def pinned_database_absent(world):
    url = world.migrated()
    return Trouble(told(world.empty(), CALORIA_DB_ID=world.id_of(url)), [0, 0], world.name(url))


@trouble()
def tables_without_revision(world):
    url = world.migrated()
    world.execute(url, "DROP TABLE alembic_version")
    return Trouble(told(url), [0, 0], world.name(world.migrated()))


@trouble("environment", ".env")
def foreign_tables(world):
    url = world.empty()
    world.execute(url, "CREATE TABLE wp_posts (id INTEGER)")
    return Trouble(told(url), [0], world.name(world.migrated()))


@trouble(only="sqlite")
def not_a_database(world):
    path = world.folder / "diary.db"
    path.write_text("Dear diary, " * 100)
    return Trouble(told(f"sqlite:///{path}"), [0], world.name(world.migrated()))


@trouble()
def tables_differ(world):
    url = world.empty()
    world.execute(
        url,
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)",
        "INSERT INTO alembic_version VALUES ('0001')",
    )
    return Trouble(told(url), [0], world.name(world.migrated()))


@trouble(only="postgresql")
def migration_through_pooler(world):
    """A pooler tells clients process numbers of its own; so does this."""
    url = make_url(world.empty())
    port = world.keep(server(passing_on_to(f"{url.query['host']}/.s.PGSQL.5432", as_a_pooler=True)))
    said = told(f"postgresql://caloria@127.0.0.1:{port}/{url.database}")
    direct = world.keep(server(passing_on_to(f"{url.query['host']}/.s.PGSQL.5432")))
    ask = "flask db upgrade"
    return Trouble(said, [0], {"HOST": f"127.0.0.1:{direct}"}, ask=ask, again=ask)
