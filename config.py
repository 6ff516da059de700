"""The configuration: read once, here, from the environment and .env, by every entry point alike.

Nothing is guessed. A value that cannot be used becomes a mistake, which the guard turns into a refusal.
"""

import os
import re
import secrets
import socket
from collections.abc import Mapping
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sqlalchemy import URL

from settings import database, values
from settings.money import Money
from settings.payments import read_payments
from settings.shell import POSTGRESQL, either
from settings.sources import Settings

ROOT = Path(__file__).resolve().parent
ENVIRONMENTS = ("development", "test", "staging", "production")
OPEN_FOOD_FACTS = "https://world.openfoodfacts.org"
MEBIBYTE = 1024 * 1024
MAIL_PORTS = {"starttls": 587, "ssl": 465, "off": 25}


class Config:
    """What this process was told. Unless `mistakes` is empty, the guard refuses."""

    # How people pay; settings/payments.py reads it.
    payments: str
    plus_per_month: Money | None
    plus_per_year: Money | None
    stripe_secret_key: str | None
    stripe_webhook_secrets: list[str]
    stripe_prices_month: list[str]
    stripe_prices_year: list[str]
    stripe_tax: bool
    stripe_api_url: str | None

    @classmethod
    def load(cls, environ: Mapping[str, str] = os.environ, root: Path = ROOT) -> "Config":
        """Read the environment and root/.env; where they differ the environment wins."""
        return cls(Settings(environ, root))

    def __init__(self, read: Settings):
        self.root = read.root
        self.instance_path = read.root / "instance"
        self.environment = read_environment(read)
        self.deployed = self.environment in ("staging", "production")
        self.server = read.parsed("CALORIA_SERVER", values.server_name) or socket.gethostname()
        self.servers = read.parsed("CALORIA_SERVERS", values.server_names, [])
        self.secret_key = read.secret("SECRET_KEY")
        self.secret_key_fallbacks = read.words("SECRET_KEY_FALLBACKS")
        self.read_database(read)
        self.read_web(read)
        self.read_mail(read)
        self.read_backups(read)
        read_payments(self, read)
        self.texts_dir = read.parsed("TEXTS_DIR", values.folder(read.root)) or self.instance_path / "texts"
        read.note_foreign_files()
        self.mistakes = sorted(read.mistakes, key=lambda mistake: mistake.row)
        self.sources = read.sources
        self.overridden = read.overridden()
        self.correct, self.remove = read.correct, read.remove

    def read_database(self, read: Settings) -> None:
        require_database_url(read, self.deployed)
        self.database_url = read_database_url(read, "DATABASE_URL")
        self.migration_database_url = read_database_url(read, "MIGRATION_DATABASE_URL") or self.database_url
        self.database_id = read.parsed("CALORIA_DB_ID", values.uuid)
        self.database_pool_size = read.parsed("DATABASE_POOL_SIZE", values.whole(1, 200), 5)
        self.database_max_overflow = read.parsed("DATABASE_MAX_OVERFLOW", values.whole(0, 200), 5)
        self.database_pool_timeout = read.parsed("DATABASE_POOL_TIMEOUT", values.whole(1, 60), 5)
        self.database_pool_recycle = read.parsed("DATABASE_POOL_RECYCLE", values.whole(30, 86400), 1800)
        self.database_connect_timeout = read.parsed("DATABASE_CONNECT_TIMEOUT", values.whole(2, 10), 5)
        self.database_statement_timeout = read.parsed("DATABASE_STATEMENT_TIMEOUT", values.whole(1, 15), 15)
        self.database_echo = read.parsed("DATABASE_ECHO", values.flag, False)
        self.database_echo_pool = read.parsed("DATABASE_ECHO_POOL", values.flag, False)

    def read_web(self, read: Settings) -> None:
        self.debug = read.parsed("FLASK_DEBUG", values.flag, False)
        self.port = read.parsed("PORT", values.whole(1, 65535), 8000)
        self.web_concurrency = read.parsed("WEB_CONCURRENCY", values.whole(1, 64), 2)
        self.trusted_hosts = read.words("TRUSTED_HOSTS")
        self.trusted_proxy_count = read.parsed("TRUSTED_PROXY_COUNT", values.whole(0, 10), 0)
        self.public_url = read.parsed("PUBLIC_URL", values.web_address)
        # With what links in mails begin; in development they lead to this machine.
        here = None if self.deployed else f"http://127.0.0.1:{self.port}"
        self.link_root = self.public_url or here
        self.open_food_facts_lookup = read.parsed("OPEN_FOOD_FACTS_LOOKUP", values.flag, False)
        self.open_food_facts_url = read.parsed("OPEN_FOOD_FACTS_URL", values.web_address, OPEN_FOOD_FACTS)
        self.read_watching(read)

    def read_watching(self, read: Settings) -> None:
        self.metrics_token = read.secret("METRICS_TOKEN", values.token)
        self.log_level = read.parsed("LOG_LEVEL", values.choice("DEBUG", "INFO", "WARNING", "ERROR"), "INFO")
        self.sentry_dsn = read.secret("SENTRY_DSN", values.sentry_address)
        if self.sentry_dsn and find_spec("sentry_sdk") is None:
            found = "SENTRY_DSN is set, and sentry-sdk is not installed"
            wanted = ("pip install -r requirements-sentry.txt", "to tell Sentry of errors")
            mend = either(wanted, (read.remove("SENTRY_DSN"), "to tell nobody"))
            read.mistake(values.AFTER_THE_TABLE, "sentry_missing", found, "the library that tells it", mend)
        usual = "json" if self.deployed else "text"
        self.log_format = read.parsed("LOG_FORMAT", values.choice("json", "text"), usual)

    def read_mail(self, read: Settings) -> None:
        self.mail_server = read.text("MAIL_SERVER")
        self.mail_tls = read.parsed("MAIL_TLS", values.choice(*MAIL_PORTS), "starttls")
        self.mail_port = read.parsed("MAIL_PORT", values.whole(1, 65535), MAIL_PORTS[self.mail_tls])
        self.mail_username = read.text("MAIL_USERNAME")
        self.mail_password = read.secret("MAIL_PASSWORD")
        self.mail_from = read.parsed("MAIL_FROM", values.sender, "caloria@localhost")
        if self.mail_server and not read.text("MAIL_FROM"):
            found = "MAIL_FROM is not set, though MAIL_SERVER is"
            mend = read.correct("MAIL_FROM", "VALUE")
            read.mistake(values.AFTER_THE_TABLE, "setting_missing", found, "the sender of mails", mend)
        goes_to_files = not self.mail_server and not self.deployed
        self.mail_outbox = self.instance_path / "outbox" if goes_to_files else None

    def read_backups(self, read: Settings) -> None:
        folder = values.folder(read.root)
        self.upload_dir = read.parsed("UPLOAD_DIR", folder)
        self.backup_dir = read.parsed("BACKUP_DIR", folder)
        self.backup_key = read.secret("BACKUP_KEY", values.key)
        if self.backup_key and self.backup_key == self.secret_key:
            found = "BACKUP_KEY is the same as SECRET_KEY: whoever has the one could forge the other's work"
            mend = read.correct("BACKUP_KEY", "VALUE")
            read.mistake(values.AFTER_THE_TABLE, "setting_invalid", found, "a key of its own", mend)
        self.backup_proof_url = read_database_url(read, "BACKUP_PROOF_URL")
        self.backup_recipient = read.parsed("BACKUP_RECIPIENT", values.age_recipient)
        self.backup_copy_dir = read.parsed("BACKUP_COPY_DIR", folder)
        self.backup_ping_url = read.secret("BACKUP_PING_URL", values.link)
        self.alert_email = read.parsed("ALERT_EMAIL", values.mail_address)
        self.s3_endpoint_url = read.parsed("S3_ENDPOINT_URL", values.web_address)
        self.s3_bucket = read.text("S3_BUCKET")
        self.s3_prefix = read.text("S3_PREFIX") or ""
        self.s3_region = read.text("S3_REGION")
        self.s3_access_key_id = read.text("S3_ACCESS_KEY_ID")
        self.s3_secret_access_key = read.secret("S3_SECRET_ACCESS_KEY")

    def flask_settings(self) -> dict[str, Any]:
        """What Flask and its extensions are told."""
        return {
            # For tests a key of each process will do; elsewhere the guard refuses to start without one.
            "SECRET_KEY": self.secret_key or secrets.token_hex(32),
            "SECRET_KEY_FALLBACKS": self.secret_key_fallbacks,
            "DEBUG": self.debug,
            "TESTING": self.environment == "test",
            "SQLALCHEMY_DATABASE_URI": self.database_url or "postgresql+psycopg2://",
            "SQLALCHEMY_ENGINE_OPTIONS": database.engine_options(self),
            # Under this name browsers take a cookie over TLS only, and from no other host.
            "SESSION_COOKIE_NAME": "__Host-caloria" if self.deployed else "caloria",
            "SESSION_COOKIE_SECURE": self.deployed,
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "PERMANENT_SESSION_LIFETIME": timedelta(days=180),
            # It is sent when somebody signs in, and the row of their session ends before it does.
            "SESSION_REFRESH_EACH_REQUEST": False,
            "PREFERRED_URL_SCHEME": "https" if self.deployed else "http",
            "MAX_CONTENT_LENGTH": MEBIBYTE,
            "MAX_FORM_MEMORY_SIZE": MEBIBYTE,
            # A form left open overnight, or sent once the phone is back online, is still the person's own.
            "WTF_CSRF_TIME_LIMIT": None,
        }


def read_environment(read: Settings) -> str:
    """Which data this is. Where nothing is said, the rules of production hold."""
    said = {name: text for name in ("CALORIA_ENV", "FLASK_ENV") if (text := read.raw(name))}
    for name in said:
        if said[name] not in ENVIRONMENTS:
            value = f'"{said[name]}"' if re.fullmatch(r"[A-Za-z]{1,12} ?", said[name]) else "another word"
            found = f"{name} (from {read.sources[name]}) is {value}"
            mend = read.correct(name, "VALUE")
            read.mistake(1, "environment_unknown", found, " | ".join(ENVIRONMENTS), mend)
    if len(set(said.values())) == 2:
        found = "CALORIA_ENV and FLASK_ENV are both set, and differ"
        mend = read.remove("FLASK_ENV")
        read.mistake(1, "environment_contradicted", found, "CALORIA_ENV alone", mend)
    named = next(iter(said.values()), "production")
    return named if named in ENVIRONMENTS else "production"


def read_database_url(read: Settings, name: str) -> URL | None:
    """The address of a database, in all of its parts."""

    def parse(text: str) -> URL:
        if text == "None" or text[0] in "'\"":
            found = "is the word None or stands in quotes"
            raise values.BadValue(found, database.URL_FORM, 2, "database_url_missing")
        url = database.parse_database_url(text, read.root)
        if others := database.left_open(url, read.environ):
            found = f"leaves to {', '.join(others)} of the environment where it leads"
            mend = complete(read, name, others)
            raise values.BadValue(found, database.URL_FORM, 3, "database_url_incomplete", mend)
        return url

    return read.secret(name, parse)


def complete(read: Settings, name: str, others: list[str]) -> str:
    """How an address comes to lead to one place alone."""
    drop = read.remove(*others)
    if "PGSERVICE" in others:
        return drop
    whole = read.correct(name, POSTGRESQL.replace("HOST", "HOST:PORT"))
    return either((drop, f"when {name} says enough"), (whole, "to say all of it there"))


def require_database_url(read: Settings, deployed: bool) -> None:
    """There is no default anywhere."""
    if read.text("DATABASE_URL") or read.text("DATABASE_URL_FILE"):
        return
    where = read.sources.get("DATABASE_URL")
    nowhere = f"is set neither in the environment nor in {read.file.path}"
    found = f"DATABASE_URL is empty in {where}" if where else f"DATABASE_URL {nowhere}"
    mend = read.correct("DATABASE_URL", POSTGRESQL)
    if not deployed:
        ours = read.correct("DATABASE_URL", "sqlite:///instance/caloria.db")
        mend = either((mend, "when PostgreSQL keeps the data"), (ours, "while developing"))
    read.mistake(2, "database_url_missing", found, database.URL_FORM, mend)
