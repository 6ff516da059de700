"""What each role of a database may do in it."""

from sqlalchemy import Connection, text

from caloria.operations.environments.roles import Roles, run

WRITES = "SELECT, INSERT, UPDATE, DELETE"
# What those who do not own these tables may do there; only migrations and `adopt` do more.
KEPT = {
    "alembic_version": ("SELECT",),
    # Only `flask audit archive` does more, over the owner's connection.
    "audit_archives": ("SELECT",),
    "audit_events": ("SELECT", "INSERT"),
    "audit_seals": ("SELECT", "INSERT"),
    "identity": ("SELECT",),
}
GRANTED = """
    SELECT DISTINCT privilege_type AS privilege, rolname AS role
    FROM (
        SELECT oid, relowner, relacl AS acl FROM pg_class
        UNION ALL
        SELECT oid, relowner, attacl FROM pg_attribute JOIN pg_class ON oid = attrelid
    ) AS granted, aclexplode(acl) LEFT JOIN pg_roles AS role ON role.oid = grantee
    WHERE granted.oid = to_regclass(:table) AND grantee <> relowner AND privilege_type <> ALL (:kept)
"""

# All of it again each time, so that a grant given by hand is gone.
DATABASE = (
    "REVOKE ALL ON DATABASE {database} FROM PUBLIC, {app}, {read}",
    "GRANT CONNECT ON DATABASE {database} TO {owner}, {app}, {read}",
)
SCHEMA = (
    "REVOKE ALL ON SCHEMA public FROM PUBLIC, {app}, {read}",
    "GRANT USAGE ON SCHEMA public TO {app}, {read}",
)
TABLE = (
    "REVOKE ALL ON TABLE {relation} FROM PUBLIC, {app}, {read}",
    f"GRANT {WRITES} ON TABLE {{relation}} TO {{app}}",
    "GRANT SELECT ON TABLE {relation} TO {read}",
)
SEQUENCE = (
    "REVOKE ALL ON SEQUENCE {relation} FROM PUBLIC, {app}, {read}",
    "GRANT USAGE, SELECT ON SEQUENCE {relation} TO {app}",
    "GRANT SELECT ON SEQUENCE {relation} TO {read}",
)
# Not ON ALL TABLES: those of an extension are the superuser's.
RELATIONS = """
    SELECT relname, relkind = 'S' AS is_sequence FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
      AND pg_get_userbyid(relowner) = current_user
"""
LATER_TABLES = (
    f"ALTER DEFAULT PRIVILEGES FOR ROLE {{owner}} IN SCHEMA public GRANT {WRITES} ON TABLES TO {{app}}",
    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public GRANT SELECT ON TABLES TO {read}",
    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {app}",
    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public GRANT SELECT ON SEQUENCES TO {read}",
)


def grant(connection: Connection, database: str, roles: Roles) -> None:
    """Give each role its rights in this database, those of later migrations' tables included."""
    run(connection, "ALTER SCHEMA public OWNER TO {owner}", owner=roles.owner)
    run(connection, "SET LOCAL ROLE {owner}", owner=roles.owner)
    for statement in (*DATABASE, *SCHEMA, *LATER_TABLES):
        run(connection, statement, database=database, **roles._asdict())
    for row in connection.execute(text(RELATIONS)).all():
        for statement in SEQUENCE if row.is_sequence else TABLE:
            run(connection, statement, relation=row.relname, **roles._asdict())
    close_tables(connection)


def close_tables(connection: Connection) -> None:
    """Take back from all but the owner what default privileges gave them on tables that are not theirs.

    They cover every table that a migration makes, so each migration ends with this.
    """
    for table, kept in KEPT.items():
        for privilege, role in connection.execute(text(GRANTED), {"table": table, "kept": list(kept)}).all():
            grantee = "{role}" if role else "PUBLIC"
            statement = f"REVOKE {privilege} ON {{table}} FROM {grantee} CASCADE"
            run(connection, statement, table=table, role=role or "")
