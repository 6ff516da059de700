"""Ways into the states in which Caloria refuses to start, and what they are made of."""

from pathlib import Path

from processes import told
from sqlalchemy import make_url

OTHER = "018f0000-0000-7000-8000-000000000000"
OPEN_ENDED = ".env without the end of its last line"
NOWHERE = "postgresql://caloria:secret-word@127.0.0.1:1/caloria"
HALF = {"HOST": "127.0.0.1"}
ANYWHERE = {"USER": "caloria", "PASSWORD": "x", "HOST": "127.0.0.1:1", "NAME": "caloria", "PORT": "1"}
# What looks different on each engine is tried on both; a setting, or a line of .env, on one of them.
ON_BOTH = {"behind", "encoding_not_utf8", "not_migrated", "tables_without_revision"}
TROUBLES = {}


def trouble(*places: str, only: str | None = None):
    """A way into a state, which is the name before a double underscore; and where the settings stand."""

    def register(build):
        for place in places or (".env",):
            engine = only or (None if build.__name__ in ON_BOTH else "postgresql")
            TROUBLES[f"{build.__name__}, in {place}"] = build, place, engine
        return build

    return register


class World:
    """What troubles are made of."""

    def __init__(self, request, engine_name, house, tmp_path, execute):
        self.request, self.engine_name, self.house, self.execute = request, engine_name, house, execute
        self.folder = tmp_path
        self.make = request.getfixturevalue("make_database")

    def empty(self) -> str:
        url = self.make()
        if self.engine_name == "sqlite":
            Path(make_url(url).database).touch()
        return url

    def migrated(self, environment: str = "test") -> str:
        url = self.make(copy_of=self.request.getfixturevalue("migrated_url"))
        oid = "NULL"
        if self.engine_name == "postgresql":
            oid = "(SELECT oid::bigint FROM pg_database WHERE datname = current_database())"
        self.execute(url, f"UPDATE identity SET environment = '{environment}', database_oid = {oid}")
        return url

    def deployed(self, **more: str) -> dict[str, str]:
        """Production, and in order; on SQLite that goes no further than a database that is away."""
        if self.engine_name == "sqlite":
            return told(NOWHERE, "production", **more)
        url = self.migrated("production")
        return told(url, "production", **{"CALORIA_DB_ID": self.id_of(url), **more})

    @property
    def in_order(self) -> int:
        """What production answers where nothing is wrong any more."""
        return 69 if self.engine_name == "sqlite" else 0

    def id_of(self, url: str) -> str:
        return str(self.execute(url, "SELECT uuid FROM identity")[0][0])

    def name(self, url: str) -> dict[str, str]:
        """What is filled in for another database at the same server."""
        return {"NAME": make_url(url).database, "PASSWORD": "x", "USER": "caloria"}

    def whole(self, url: str) -> dict[str, str]:
        """What is filled in for all of an address. The server of the tests is behind a socket."""
        if self.engine_name == "sqlite":
            return ANYWHERE
        url = make_url(url)
        return {**ANYWHERE, "HOST": "", "PORT": "5432", "NAME": f"{url.database}?host={url.query['host']}"}

    @property
    def boss(self) -> dict[str, str]:
        return {"USER": self.request.getfixturevalue("postgres").url.username}

    def keep(self, context):
        """Enter a context that ends with the test."""
        value = context.__enter__()
        self.request.addfinalizer(lambda: context.__exit__(None, None, None))
        return value
