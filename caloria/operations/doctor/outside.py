"""Questions about what else Caloria reaches: the mail server, and the database as migrations reach it."""

import smtplib
import socket
import ssl

from sqlalchemy.exc import DBAPIError

from caloria.guard.connection import opened
from caloria.guard.mending import another
from caloria.guard.subject import Subject
from caloria.guard.two_ways import it_is_the_apps_too
from caloria.guard.unreachable import explain
from caloria.integrations import mail
from caloria.operations.doctor.check import NOT_ASKED, OK, SETUP, WARN, Check, Errand
from config import Config
from settings.database import is_sqlite
from settings.shell import either

MAIL = "mail server answers"
MIGRATIONS = "migrations reach the database"
ANOTHER = "another database than that of DATABASE_URL"
MAIL_SECONDS = 3
# The first that fits: a failed certificate is also an error of TLS and of the operating system.
MAIL_PROBLEMS: tuple[tuple[type[Exception], str], ...] = (
    (ssl.SSLCertVerificationError, "its certificate is not trusted"),
    (ssl.SSLError, "it and this machine do not agree on TLS: is MAIL_TLS right?"),
    (smtplib.SMTPNotSupportedError, "it does not offer STARTTLS"),
    (smtplib.SMTPServerDisconnected, "it said nothing, or hung up: is MAIL_TLS right?"),
    (smtplib.SMTPException, "it does not want to talk to this machine"),
    (socket.gaierror, "nobody knows that host"),
    (TimeoutError, "it did not answer in time"),
    (ConnectionRefusedError, "nothing listens there"),
    (OSError, "it cannot be reached"),
)


def errands(config: Config, answered: bool) -> list[Errand]:
    return [
        Errand([MAIL], lambda: [mail_server_answers(config)]),
        Errand([MIGRATIONS], lambda: [migrations_reach_the_database(config, answered)]),
    ]


def mail_server_answers(config: Config) -> Check:
    """It is only greeted: no name is given, and nothing is sent."""
    if not config.mail_server:
        return Check(MAIL, NOT_ASKED, "MAIL_SERVER is not set")
    where = f"{config.mail_server}:{config.mail_port} (MAIL_TLS={config.mail_tls})"
    try:
        mail.greet(config, MAIL_SECONDS)
    except (OSError, ValueError, smtplib.SMTPException) as error:
        problem = next(
            (words for kind, words in MAIL_PROBLEMS if isinstance(error, kind)), "it is no address"
        )
        return Check(MAIL, WARN, f"{where}: {problem}", mail_mend(config))
    return Check(MAIL, OK, where)


def mail_mend(config: Config) -> str:
    server, tls = config.correct("MAIL_SERVER", "HOST"), config.correct("MAIL_TLS", "VALUE")
    return either((server, "when the mail server is another"), (tls, "starttls, ssl or off: what it speaks"))


def migrations_reach_the_database(config: Config, answered: bool) -> Check:
    """The role that owns the tables may go another way than the app: past a pooler, say."""
    url, ours = config.migration_database_url, config.database_url
    if url is None or url == ours:
        return Check(MIGRATIONS, NOT_ASKED, "MIGRATION_DATABASE_URL is not set, or says the same")
    try:
        with opened(config, url) as connection:
            subject = Subject(config, url, connection, None)
            check, apart = role_for_migrations(subject), it_is_the_apps_too(subject)
        if answered and apart:
            return Check(MIGRATIONS, WARN, f"{check.detail}: {ANOTHER}", another(config, url))
    except DBAPIError as error:
        refusal = explain(error, config, url)
        return Check(MIGRATIONS, WARN, refusal.found, refusal.mend)
    return check


def role_for_migrations(subject: Subject) -> Check:
    if is_sqlite(subject.url):
        return Check(MIGRATIONS, WARN, f"{subject.where}: {ANOTHER}", another(subject.config, subject.url))
    role = subject.value("SELECT current_user")
    detail = f"{subject.where}, as the role {role}"
    if subject.value("SELECT has_schema_privilege(current_schema(), 'CREATE')"):
        return Check(MIGRATIONS, OK, detail)
    return Check(MIGRATIONS, WARN, f"{detail}, which may not make tables there", SETUP)
