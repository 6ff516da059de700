"""Questions that need no connection: what this process was told."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import click
from click.core import ParameterSource
from sqlalchemy import URL

from caloria.guard.mending import another, is_unsaid
from caloria.guard.refusal import CONFIGURATION, NOT_MIGRATED, OTHER_IDENTITY, Notice, Refusal
from caloria.words import N_
from config import Config
from settings.database import hosts_of, is_in_memory, is_local, is_sqlite
from settings.shell import POSTGRESQL, address, either

POSTGRESQL_FORM = f"a PostgreSQL database: {POSTGRESQL}"
COMMANDLINE = ParameterSource.COMMANDLINE
ENCRYPTED = ("require", "verify-ca", "verify-full")
PLACEHOLDERS = re.compile(r"change.?(me|this)|example|your.?secret|placeholder|insecure", re.IGNORECASE)
NEW_KEY = "$(python3 -c 'import secrets; print(secrets.token_hex(32))')"


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
        footer = Notice("sqlite", N_("development, not backed up"), is_logged=False)
        return footer if config.environment == "development" else None
    found = f"DATABASE_URL names the SQLite file {url.database}, in {config.environment}"
    mend = config.correct("DATABASE_URL", POSTGRESQL)
    if is_unsaid(config):
        trying = (config.correct("CALORIA_ENV", "development"), "while developing, or trying things out")
        mend = either((mend, "when people rely on it"), trying)
    return refused("sqlite_in_production", found, POSTGRESQL_FORM, mend)


def memory_is_for_tests(config: Config) -> Refusal | None:
    """Row 7."""
    url = config.database_url
    if url is None or not is_in_memory(url) or config.environment == "test":
        return None
    found = "DATABASE_URL names a SQLite database in memory, which is gone when the process ends"
    lasting = POSTGRESQL if config.deployed else "sqlite:///instance/caloria.db"
    mend = config.correct("DATABASE_URL", lasting)
    return refused("sqlite_in_memory", found, "a database that lasts", mend)


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
    mend = config.correct("DATABASE_URL", address(url, sslmode="verify-full"))
    return refused("database_without_tls", found, expected, mend)


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
    mend = config.correct("SECRET_KEY", NEW_KEY, '"{}"'.format)
    return refused("secret_key_weak", found, "at least 32 random bytes", mend)


def debugging_is_off(config: Config) -> Refusal | None:
    """Row 28, first part: a debugger hands the machine to whoever sees an error page."""
    context = click.get_current_context(silent=True)
    options = [name for name in ("reload", "debugger") if context and context.params.get(name)]
    if not config.deployed or not (config.debug or options):
        return None
    found = f"{' and '.join(options) or 'debug'} is on, in {config.environment}"
    set_by = [f"FLASK_RUN_{name.upper()}" for name in options] or ["FLASK_DEBUG"]
    mend = plain_command(context, options or ["debug"]) or config.remove(*set_by)
    return refused("debug_in_production", found, "debug, reloader and debugger off", mend)


def plain_command(context: click.Context | None, options: list[str]) -> str | None:
    """The command without its options, where one of these was typed with it."""
    chain: list[click.Context] = []
    while context:
        chain, context = [context, *chain], context.parent
    typed = any(each.get_parameter_source(name) is COMMANDLINE for each in chain for name in options)
    return " ".join(["flask", *(str(each.info_name) for each in chain[1:])]) if typed else None


def hosts_are_named(config: Config) -> Refusal | None:
    """Row 28, second part: without the list a forged Host header writes the links in mails."""
    if not config.deployed or config.trusted_hosts:
        return None
    found = f"TRUSTED_HOSTS is empty, in {config.environment}"
    expected = "the host names under which people reach this site"
    host = urlsplit(config.public_url or "").hostname or "HOST"
    return refused("trusted_hosts_missing", found, expected, config.correct("TRUSTED_HOSTS", host))


def cookies_travel_encrypted(config: Config) -> Refusal | None:
    """Row 28, third part: browsers drop the sign-in cookie of a deployed site without TLS."""
    parts = urlsplit(config.public_url or "https://")
    if not config.deployed or parts.scheme == "https" or is_local(parts.hostname or ""):
        return None
    found = f"PUBLIC_URL begins with http://, in {config.environment}"
    mend = config.correct("PUBLIC_URL", parts._replace(scheme="https").geturl())
    return refused("public_url_insecure", found, "an address with https://", mend)


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
        return pinned_database_absent(found, config, url)
    return Refusal(NOT_MIGRATED, "database_file_missing", found, "a migrated database", "flask db upgrade")


def pinned_database_absent(found: str, config: Config, url: URL) -> Refusal:
    """Row 13: what is not there cannot be the database that was pinned."""
    pinned = config.database_id
    mend = either(
        (another(config, url), "when that database has another name"),
        (f"{config.remove('CALORIA_DB_ID')}; flask db upgrade", "to begin anew, with an empty diary"),
    )
    return Refusal(OTHER_IDENTITY, "pinned_database_absent", found, f"the database {pinned}", mend)
