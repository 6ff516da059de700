"""Databases that are made for tests on a PostgreSQL server."""

from uuid import uuid4

from sqlalchemy import create_engine, make_url


class Postgres:
    """The throwaway server that bin/test started; TEST_POSTGRES_URL is its superuser."""

    def __init__(self, url: str):
        self.url = make_url(url).set(drivername="postgresql+psycopg2")
        self.engine = create_engine(self.url, isolation_level="AUTOCOMMIT")
        if not self.run("SELECT 1 FROM pg_roles WHERE rolname = 'caloria'"):
            self.run("CREATE ROLE caloria LOGIN")

    def run(self, sql: str):
        with self.engine.connect() as connection:
            result = connection.exec_driver_sql(sql)
            return result.scalar() if result.returns_rows else None

    def create(self, template: str = "template0") -> str:
        name = f"test_{uuid4().hex[:16]}"
        # Half the work of writing every page of the copy to the log as well.
        how = f"ENCODING 'UTF8' TEMPLATE {template} STRATEGY file_copy"
        self.run(f"CREATE DATABASE {name} OWNER caloria {how}")
        return self.url.set(username="caloria", password=None, database=name).render_as_string(False)

    def drop(self, url: str) -> None:
        self.run(f"DROP DATABASE IF EXISTS {make_url(url).database} WITH (FORCE)")
