"""Is this the right database, in the right state? The guard refuses; it never repairs.

`require` asks everything and is what a start of any kind waits for. `require_for_migration` asks what the
commands of `flask db` need. Both raise StartupRefused.
"""

import logging
import os

from sqlalchemy import URL, MetaData

from caloria.guard import schema, table
from caloria.guard.asking import Answers, ask_configuration, ask_database
from caloria.guard.refusal import CONFIGURATION, Notice, Refusal, StartupRefused
from config import Config

__all__ = [
    "Notice",
    "Refusal",
    "StartupRefused",
    "is_asked_elsewhere",
    "notices",
    "require",
    "require_configuration",
    "require_connection",
    "require_for_adoption",
    "require_for_migration",
    "require_for_transfer",
    "require_tables",
    "require_usable_settings",
]

MASTER = "CALORIA_GUARDED_BY"  # gunicorn.conf.py writes it
READING = ("branches", "check", "current", "heads", "history", "show")
BACKWARD = ("downgrade", "stamp")
MENDED_BY_UPGRADE = ("not_migrated", "behind", "database_file_missing", "database_id_missing")
MENDED_BY_TRANSFER = ("transfer_unfinished",)
MENDED_BY_ADOPTION = ("copied_database", "other_environment", "database_id_missing", "other_database")
log = logging.getLogger(__name__)


def require(config: Config, metadata: MetaData, is_aloud: bool = True) -> list[Notice]:
    """Ask every question; the lowest phase that refuses decides. Returns what an operator should know.

    Some of that is logged, unless told not to: cron would mail it every night.
    """
    heard = require_configuration(config)
    questions = (*table.CONNECTION, *table.SCHEMA, *table.IDENTITY)
    heard += settle(ask_database(questions, config, usable(config.database_url), metadata), config)
    for notice in heard:
        if notice.is_logged and is_aloud:
            log.warning(notice.text)
    return heard


def require_configuration(config: Config) -> list[Notice]:
    """Ask what needs no connection."""
    return settle(ask_configuration(table.CONFIGURATION, config), config)


def require_connection(config: Config) -> list[Notice]:
    """Ask whether there is a writable database at all."""
    heard = require_configuration(config)
    return heard + settle(ask_database(table.CONNECTION, config, usable(config.database_url)), config)


def require_for_migration(config: Config, command: str, named: str | None = None) -> None:
    """Ask what `flask db <command>` needs, of the database that migrations go to.

    `named` is the database that the operator named, without which a deployed one is not taken back.
    """
    if command in READING:
        settle(ask_configuration(table.ADDRESS, config), config)
        settle(ask_database((), config, usable(config.migration_database_url)), config)
        return
    require_configuration(config)
    url = usable(config.migration_database_url)
    if command in BACKWARD and config.deployed and named != url.database:
        settle([unnamed(config, url, command)], config)
    questions = (*table.CONNECTION, *table.MIGRATING, *table.IDENTITY)
    settle(ask_database(questions, config, url, forgiven=MENDED_BY_UPGRADE), config, MENDED_BY_UPGRADE)


def usable(url: URL | None) -> URL:
    """The address, against which the questions before have nothing."""
    if url is None:
        raise LookupError("an address that cannot be used is a mistake of the configuration")
    return url


def require_for_adoption(config: Config, metadata: MetaData) -> None:
    """Ask everything but whether this is the database it was: that is what an adoption changes."""
    require_configuration(config)
    settle(ask_database(table.DIRECT, config, usable(config.migration_database_url)), config)
    questions = (*table.CONNECTION, *table.SCHEMA, *table.IDENTITY)
    url = usable(config.database_url)
    answers = ask_database(questions, config, url, metadata, MENDED_BY_ADOPTION)
    settle(answers, config, MENDED_BY_ADOPTION)


def require_for_transfer(config: Config, metadata: MetaData) -> None:
    """Ask what a start asks, and of both ways to the database; a move that was interrupted can go on."""
    require_configuration(config)
    settle(ask_database(table.DIRECT, config, usable(config.migration_database_url)), config)
    questions = (*table.CONNECTION, *table.SCHEMA, *table.IDENTITY)
    answers = ask_database(questions, config, usable(config.database_url), metadata, MENDED_BY_TRANSFER)
    settle(answers, config, MENDED_BY_TRANSFER)


def require_usable_settings(config: Config, forgiven: tuple[str, ...] = ()) -> None:
    """Ask only whether what was said can be read: for what makes a database, or looks at several."""
    settle(ask_configuration(table.ADDRESS[:1], config), config, forgiven)


def require_tables(config: Config) -> None:
    """Ask whether there is a database with tables at all, which is what can be given a revision."""
    require_configuration(config)
    questions = (*table.CONNECTION, *table.DIRECT, schema.it_is_not_empty)
    settle(ask_database(questions, config, usable(config.migration_database_url)), config)


def unnamed(config: Config, url: URL, command: str) -> Refusal:
    found = f"flask db {command} would take back the database of {config.environment}"
    mend = f"flask db {command} --database {url.database} REVISION"
    return Refusal(CONFIGURATION, "database_unnamed", found, "the database named on purpose", mend)


def settle(answers: Answers, config: Config, forgiven: tuple[str, ...] = ()) -> list[Notice]:
    """The notices among the answers, unless a refusal is among them."""
    refusals = [each for each in answers if isinstance(each, Refusal) and each.state not in forgiven]
    if refusals:
        raise StartupRefused(refusals, config)
    return [each for each in answers if isinstance(each, Notice)]


def notices(config: Config) -> list[Notice]:
    """What a page may say of the configuration, where this process does not ask itself."""
    return [each for each in ask_configuration(table.CONFIGURATION, config) if isinstance(each, Notice)]


def is_asked_elsewhere() -> bool:
    """Whether this process is gunicorn's master or one of its workers.

    The master asks before it listens. A worker never does: one that is replaced while the database is away
    would find a refusal, and take the whole server down with it.
    """
    return os.environ.get(MASTER) in (str(os.getpid()), str(os.getppid()))
