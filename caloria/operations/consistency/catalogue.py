"""What the engine itself knows to be wrong, or no longer watches over."""

from sqlalchemy import Connection, text

from caloria.operations.consistency.finding import Finding, Pass, QueryPass

ON_POSTGRESQL = {
    "constraints that were never checked against the rows that were there": """\
SELECT conrelid::regclass AS on_table, conname FROM pg_constraint
WHERE NOT convalidated AND connamespace = current_schema()::text::regnamespace""",
    "triggers that are switched off": """\
SELECT tgrelid::regclass AS on_table, tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
WHERE tgenabled = 'D' AND relnamespace = current_schema()::text::regnamespace""",
    "indexes that were left unfinished": """\
SELECT indrelid::regclass AS on_table, indexrelid::regclass AS index
FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
WHERE NOT (indisvalid AND indisready) AND relnamespace = current_schema()::text::regnamespace""",
}
ON_SQLITE = {
    "rows that SQLite's foreign_key_check names": """\
SELECT "table", rowid, parent FROM pragma_foreign_key_check""",
    "faults that SQLite's integrity_check names": """\
SELECT integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok'""",
}
# The sequence of each column that has one, whether by serial or as an identity. What this role may not read
# is an operator's own; of our tables that would be a finding already.
SEQUENCES = """\
SELECT quote_ident(seq.relname) AS sequence, quote_ident(tab.relname) AS table, quote_ident(attname) AS column
FROM pg_depend
JOIN pg_class AS seq ON seq.oid = objid AND seq.relkind = 'S'
JOIN pg_class AS tab ON tab.oid = refobjid
JOIN pg_attribute ON attrelid = refobjid AND attnum = refobjsubid
WHERE pg_depend.classid = 'pg_class'::regclass AND deptype IN ('a', 'i')
    AND seq.relnamespace = current_schema()::text::regnamespace AND has_table_privilege(tab.oid, 'SELECT')
ORDER BY 2, 3"""
BEHIND = """\
SELECT highest, last_value FROM (SELECT max({column}) AS highest FROM {table}) AS rows, {sequence}
WHERE highest > CASE WHEN is_called THEN last_value ELSE last_value - 1 END"""


class SequencePass:
    """A sequence behind its column makes the next insert fail, as after rows were copied in."""

    name = "sequences"

    def find(self, connection: Connection) -> list[Finding]:
        owned = connection.execute(text(SEQUENCES)).mappings().all()
        return [finding for row in owned for finding in behind(row).find(connection)]


def behind(row) -> QueryPass:
    return QueryPass(
        f"sequence {row['sequence']} behind {row['table']}.{row['column']}", BEHIND.format(**row)
    )


def passes(on_sqlite: bool) -> list[Pass]:
    queries = [QueryPass(*each) for each in (ON_SQLITE if on_sqlite else ON_POSTGRESQL).items()]
    return [*queries] if on_sqlite else [*queries, SequencePass()]
