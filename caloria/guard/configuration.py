"""Questions that need no connection: what this process was told."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import click

from caloria.guard.refusal import CONFIGURATION, NOT_MIGRATED, OTHER_IDENTITY, Notice, Refusal
from config import Config
from settings.database import hosts_of, is_in_memory, is_local, is_sqlite

POSTGRESQL_FORM = "a PostgreSQL database: postgresql://USER:PASSWORD@HOST/NAME"
ENCRYPTED = ("require", "verify-ca", "verify-full")
PLACEHOLDERS = re.compile(r"change.?(me|this)|example|your.?secret|placeholder|insecure", re.IGNORECASE)
NEW_KEY = """python3 -c "import secrets; print('SECRET_KEY=' + secrets.token_hex(32))" >> """


def refused(state: str, found: str, expected: str, mend: str) -> Refusal:
    return Refusal(CONFIGURATION, state, found, expected, mend)


def settings_can_be_used(config: Config) -> list[Refusal]:
    """Rows 1 to 4, and every other value that cannot be read."""
    return [refused(m.state, m.found, m.expected, m.mend) for m in config.mistakes]


def sqlite_is_not_production(config: Config) -> Refusal | Notice | None:
    """Row 5."""
    url = config.database_url
    if url is None or not is_sqlite(url) or is_in_memory(url):
        return None
    if not config.deployed:
        footer = Notice("sqlite", "development, not backed up", is_logged=False)
        return footer if config.environment == "development" else None
    found = f"DATABASE_URL names the SQLite file {url.database}, in {config.environment}"
    return refused("sqlite_in_production", found, POSTGRESQL_FORM, correct("DATABASE_URL", config))


def memory_is_for_tests(config: Config) -> Refusal | None:
    """Row 7."""
    url = config.database_url
    if url is None or not is_in_memory(url) or config.environment == "test":
        return None
    found = "DATABASE_URL names a SQLite database in memory, which is gone when the process ends"
    return refused("sqlite_in_memory", found, "a database that lasts", correct("DATABASE_URL", config))


def other_machines_are_reached_over_tls(config: Config) -> Refusal | None:
    """Row 11."""
    url = config.database_url
    if url is None or is_sqlite(url) or not config.deployed or url.query.get("sslmode") in ENCRYPTED:
        return None
    far = [host for host in hosts_of(url) if not is_local(host)]
    if not far:
        return None
    found = f"the database stands on another machine ({', '.join(far)}) and its address does not demand TLS"
    expected = "sslmode=require, verify-ca or verify-full in DATABASE_URL"
    return refused("database_without_tls", found, expected, correct("DATABASE_URL", config))


def secret_key_is_secret(config: Config) -> Refusal | None:
    """Row 27."""
    key = config.secret_key or ""
    if config.environment == "test":
        return None
    if not key:
        found = "SECRET_KEY is not set"
    elif len(key.encode()) < 32:
        found = "SECRET_KEY is shorter than 32 bytes"
    elif PLACEHOLDERS.search(key) or len(set(key)) < 8:
        found = "SECRET_KEY is an example's"
    else:
        return None
    return refused("secret_key_weak", found, "at least 32 random bytes", f"{NEW_KEY}{config.root / '.env'}")


def debugging_is_off(config: Config) -> Refusal | None:
    """Row 28, first part: a debugger hands the machine to whoever sees an error page."""
    context = click.get_current_context(silent=True)
    options = [name for name in ("reload", "debugger") if context and context.params.get(name)]
    if not config.deployed or not (config.debug or options):
        return None
    found = f"{' and '.join(options) or 'debug'} is on, in {config.environment}"
    return refused("debug_in_production", found, "debug, reloader and debugger off", "unset FLASK_DEBUG")


def hosts_are_named(config: Config) -> Refusal | None:
    """Row 28, second part: without the list a forged Host header writes the links in mails."""
    if not config.deployed or config.trusted_hosts:
        return None
    found = f"TRUSTED_HOSTS is empty, in {config.environment}"
    expected = "the host names under which people reach this site"
    return refused("trusted_hosts_missing", found, expected, f"add TRUSTED_HOSTS=… to {config.root / '.env'}")


def cookies_travel_encrypted(config: Config) -> Refusal | None:
    """Row 28, third part: browsers drop the sign-in cookie of a deployed site without TLS."""
    parts = urlsplit(config.public_url or "https://")
    if not config.deployed or parts.scheme == "https" or is_local(parts.hostname or ""):
        return None
    found = f"PUBLIC_URL begins with http://, in {config.environment}"
    return refused("public_url_insecure", found, "an address with https://", correct("PUBLIC_URL", config))


def mail_is_set_up(config: Config) -> Notice | None:
    """Mails are wanted, but people can do without."""
    if config.mail_server or not config.deployed:
        return None
    return Notice("mail_missing", "MAIL_SERVER is not set: nobody can ask for a new password by mail.")


def one_source_wins(config: Config) -> Notice | None:
    """The environment wins over .env; this line says that it did."""
    if not config.overridden:
        return None
    names = ", ".join(config.overridden)
    return Notice("env_file_overridden", f"The environment overrides {config.root / '.env'} for {names}.")


def sqlite_file_is_there(config: Config) -> Refusal | None:
    """Row 6: the driver would make an empty one without a word."""
    url = config.database_url
    if url is None or not is_sqlite(url) or is_in_memory(url) or Path(str(url.database)).exists():
        return None
    found = f"there is no SQLite file {url.database}"
    if config.database_id:
        return pinned_database_absent(found, config)
    return Refusal(NOT_MIGRATED, "database_file_missing", found, "a migrated database", "flask db upgrade")


def pinned_database_absent(found: str, config: Config) -> Refusal:
    """Row 13: what is not there cannot be the database that was pinned."""
    pinned = config.database_id
    mend = f"point DATABASE_URL at database {pinned}, or remove CALORIA_DB_ID to begin anew"
    return Refusal(OTHER_IDENTITY, "pinned_database_absent", found, f"the database {pinned}", mend)


def correct(name: str, config: Config) -> str:
    return f"correct {name} in {config.sources.get(name, 'the environment').partition(', line')[0]}"
