"""Whether every process of every server may fill its pool."""

from sqlalchemy import text

from caloria.guard.subject import Subject
from caloria.operations.doctor.check import OK, WARN, Check
from config import Config

POOLS = "pools fit the server"
RESERVE = 20  # for backups, migrations and whoever looks after the server
# -1 means no limit. PostgreSQL 15 has no reserved_connections.
LIMITS = """SELECT current_setting('max_connections')::int
        - current_setting('superuser_reserved_connections')::int
        - coalesce(current_setting('reserved_connections', true)::int, 0) AS server,
    (SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user) AS role,
    (SELECT datconnlimit FROM pg_database WHERE datname = current_database()) AS database,
    (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS used"""


def pools_fit_the_server(subject: Subject) -> Check:
    """Whoever comes after the last connection is turned away, and sees an error page."""
    row = subject.connection.execute(text(LIMITS)).one()
    limits = {"the server": row.server, "this role": row.role, "this database": row.database}
    return pools(subject.config, {who: limit for who, limit in limits.items() if limit >= 0}, row.used)


def pools(config: Config, limits: dict[str, int], used: int) -> Check:
    processes, each = processes_of(config), config.database_pool_size + config.database_max_overflow
    who, limit = min(limits.items(), key=lambda pair: pair[1])
    wanted = f"{processes} processes × {each} connections = {processes * each}"
    detail = f"{wanted}; {who} allows {limit}; {used} are in use on the server now"
    if processes * each <= limit:
        return Check(POOLS, OK, detail)
    return Check(POOLS, WARN, detail, smaller_pools(config, limit // processes, processes * each))


def processes_of(config: Config) -> int:
    """Those that serve pages, on every server, and the one that works on the queue."""
    return config.web_concurrency * max(1, len(set(config.servers))) + 1


def smaller_pools(config: Config, each: int, wanted: int) -> str:
    """Settings with which the pools fit, where there are any."""
    if each < 1:
        fewer = config.correct("WEB_CONCURRENCY", "1")
        more = f"max_connections = {wanted + RESERVE}  # or so, in postgresql.conf; then restart PostgreSQL"
        return f"{fewer}\n{more}"
    size = min(config.database_pool_size, each)
    settings = {"DATABASE_POOL_SIZE": size, "DATABASE_MAX_OVERFLOW": each - size}
    return "\n".join(config.correct(name, str(value)) for name, value in settings.items())
