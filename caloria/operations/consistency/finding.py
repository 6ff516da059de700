from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import ClauseElement, Connection


@dataclass(frozen=True)
class Finding:
    """What is wrong, how often, and a query that shows it. Without a count it is not known."""

    name: str
    count: int | None
    query: str = ""


class Pass(Protocol):
    """Something that is looked at as a whole."""

    @property
    def name(self) -> str: ...

    def find(self, connection: Connection) -> list[Finding]:
        """What is wrong with it."""
        ...


class QueryPass:
    """A query in the engine's own words, which finds nothing where all is well."""

    def __init__(self, name: str, query: str):
        self.name, self.query = name, query

    def find(self, connection: Connection) -> list[Finding]:
        counting = f"SELECT count(*) FROM ({self.query}) AS found"  # noqa: S608  a query of ours
        count = connection.exec_driver_sql(counting).scalar_one()
        return [Finding(self.name, count, self.query)] if count else []


def as_text(statement: ClauseElement, connection: Connection) -> str:
    """A statement as an operator can paste it."""
    return str(statement.compile(connection, compile_kwargs={"literal_binds": True}))
