"""What keeps the audit from being changed, set aside inside one transaction by whoever owns the tables."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

# The table of each trigger, what lifts it, and what puts it back.
TRIGGERS = {
    "postgresql": """
SELECT tgrelid::regclass::text, format('ALTER TABLE %s DISABLE TRIGGER %I', tgrelid::regclass, tgname),
    format('ALTER TABLE %s ENABLE TRIGGER %I', tgrelid::regclass, tgname)
FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'""",
    "sqlite": """
SELECT tbl_name, 'DROP TRIGGER "' || name || '"', sql FROM sqlite_master WHERE type = 'trigger'""",
}


@contextmanager
def without_triggers(connection: Connection, *tables: str) -> Iterator[None]:
    """Lift the triggers of these tables, or of all, and put them back.

    What fails meanwhile is to be rolled back whole.
    """
    found = connection.execute(text(TRIGGERS[connection.dialect.name])).all()
    triggers = [each for each in found if not tables or each[0] in tables]
    for _table, lift, _put_back in triggers:
        connection.exec_driver_sql(lift)
    yield
    for _table, _lift, put_back in triggers:
        connection.exec_driver_sql(put_back)
