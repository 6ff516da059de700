"""What a database holds its rows to, asked of PostgreSQL's catalogs, and how much of that another kept."""

from contextlib import closing

import psycopg2
from database import connect

TABLES = """
    WITH ours AS (SELECT oid, relname FROM pg_class
                  WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
                    AND relname NOT IN ('alembic_version', 'identity', 'servers'))
"""
NAMES_OF = """
    (SELECT string_agg(attname, ',' ORDER BY place) FROM unnest({numbers}) WITH ORDINALITY AS k(number, place)
     JOIN pg_attribute ON attrelid = {table} AND attnum = number)
"""
COLUMNS = TABLES + "SELECT relname, attname, {what} FROM ours JOIN pg_attribute ON attrelid = ours.oid "
COLUMNS += "WHERE attnum > 0 AND NOT attisdropped AND {where}"
CONSTRAINTS = f"""{TABLES}
    SELECT relname, {NAMES_OF.format(numbers="conkey", table="conrelid")}, {{what}}
    FROM ours JOIN pg_constraint ON conrelid = ours.oid WHERE contype = '{{kind}}'
"""
INDEXES = f"""{TABLES}
    SELECT relname, {NAMES_OF.format(numbers="indkey::smallint[]", table="indrelid")}
    FROM ours JOIN pg_index ON indrelid = ours.oid WHERE NOT indisprimary AND {{where}}
"""
POINTS_AT = f"confrelid::regclass::text || {NAMES_OF.format(numbers='confkey', table='confrelid')}"
NUMBERED = "pg_get_serial_sequence(quote_ident(relname), attname) IS NOT NULL"
# What is counted, and the question that gives one row for each.
KINDS = {
    "tables": TABLES + "SELECT relname FROM ours",
    "columns of the same type": COLUMNS.format(what="format_type(atttypid, atttypmod)", where="true"),
    "NOT NULL": COLUMNS.format(what="''", where="attnotnull"),
    "defaults": COLUMNS.format(what="''", where="atthasdef"),
    "primary keys": CONSTRAINTS.format(what="''", kind="p"),
    "columns without duplicates": INDEXES.format(where="indisunique"),
    "foreign keys": CONSTRAINTS.format(what=POINTS_AT, kind="f"),
    "CHECK constraints": CONSTRAINTS.format(what="pg_get_constraintdef(pg_constraint.oid)", kind="c"),
    "other indexes": INDEXES.format(where="NOT indisunique"),
    "numbers given by a sequence": COLUMNS.format(what="''", where=NUMBERED),
    "triggers": TABLES + "SELECT relname, tgname FROM ours JOIN pg_trigger ON tgrelid = ours.oid "
    "WHERE NOT tgisinternal",
}
NEXT_ONE = """
    INSERT INTO audit_events (at, actor, act, object, server, request_id)
    SELECT at, actor, act, object, server, request_id FROM audit_events LIMIT 1
"""


def facts(url):
    """Of each kind everything that is there."""
    with closing(connect(url)) as connection, connection.cursor() as cursor:
        return {kind: set(asked(cursor, question)) for kind, question in KINDS.items()}


def asked(cursor, question):
    cursor.execute(question)
    return cursor.fetchall()


def kept(wanted, found):
    """How many of what the application made are there, of how many."""
    return {kind: [len(wanted[kind] & found[kind]), len(wanted[kind])] for kind in KINDS}


def next_insert(url):
    """How the next row ends that leaves its number to the database; it is taken back."""
    connection = psycopg2.connect(url)
    with closing(connection), connection.cursor() as cursor:
        try:
            cursor.execute(NEXT_ONE)
        except psycopg2.Error as error:
            return f"refused: {type(error).__name__}"
        finally:
            connection.rollback()
        return "works" if cursor.rowcount else "has none to follow"


def rows(url):
    """How many rows there are in all tables but the audit and those of the database itself."""
    with closing(connect(url)) as connection, connection.cursor() as cursor:
        names = [name for (name,) in asked(cursor, KINDS["tables"]) if name != "audit_events"]
        return sum(asked(cursor, f'SELECT count(*) FROM "{name}"')[0][0] for name in names)
