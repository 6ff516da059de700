"""Whether the data agrees with itself. Everything is only read, each table once or twice."""

from collections.abc import Iterable

from sqlalchemy import Connection, MetaData
from sqlalchemy.exc import DBAPIError

from caloria import guard
from caloria.guard.connection import opened
from caloria.guard.unreachable import explain
from caloria.operations.consistency import amounts, catalogue, dates, relations
from caloria.operations.consistency.addresses import AddressPass
from caloria.operations.consistency.finding import Finding, Pass
from caloria.operations.consistency.rows import row_passes
from config import Config
from settings.database import is_sqlite

__all__ = ["Finding", "Pass", "find", "passes"]
RULES = (relations.rules, amounts.rules, dates.rules)
LONGEST = "10min"


def passes(config: Config, metadata: MetaData) -> list[Pass]:
    """Everything that is looked at, table by table, then the catalogue."""
    found: list[Pass] = []
    for table in metadata.sorted_tables:
        found += row_passes(table, [rule for rules in RULES for rule in rules(table)])
    return [*found, AddressPass(), *catalogue.passes(is_sqlite(guard.usable(config.database_url)))]


def find(config: Config, passes: Iterable[Pass]) -> list[Finding]:
    """What is wrong; a pass that fails is a finding without a count. Raises StartupRefused."""
    url = guard.usable(config.database_url)
    try:
        with opened(config, url) as connection:
            connection.rollback()
            return [finding for each in passes for finding in findings_of(each, connection)]
    except DBAPIError as error:
        raise guard.StartupRefused([explain(error, config, url)], config) from None


def findings_of(each: Pass, connection: Connection) -> list[Finding]:
    # A transaction of its own: a long one would keep PostgreSQL from cleaning up behind it.
    try:
        with connection.begin():
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql("SET TRANSACTION READ ONLY")
                connection.exec_driver_sql(f"SET LOCAL statement_timeout = '{LONGEST}'")
            return each.find(connection)
    except Exception as error:  # the words of a driver may repeat what people wrote
        return [Finding(f"{each.name} could not be looked at ({type(error).__name__})", None)]
