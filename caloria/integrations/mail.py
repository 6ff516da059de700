"""Mail through an SMTP server, or into files where there is none to use."""

import logging
import smtplib
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import EmailPolicy
from pathlib import Path
from uuid import uuid4

from config import Config

TIMEOUT_SECONDS = 20
# A server looks through a mail before it says yes; RFC 5321 (4.5.3.2.6) gives it 10 minutes for that.
TAKING_SECONDS = 300
log = logging.getLogger(__name__)


class LinksWhole(EmailPolicy):
    """Writes the links of mailing lists (RFC 2369) as they are: the library would fold them into codes."""

    def fold_binary(self, name, value):
        if name.startswith("List-"):
            return f"{name}: {value}{self.linesep}".encode("ascii")
        return super().fold_binary(name, value)


class NoMailServer(ValueError):
    """There is no server to take a mail."""


def is_set_up(config: Config) -> bool:
    """Whether mail leads anywhere."""
    return bool(config.mail_server or config.mail_outbox)


def send(config: Config, to: str, subject: str, text: str) -> None:
    """Send a mail beside what goes on, without the queue: also where the database is what is away."""
    threading.Thread(target=_deliver, args=(config, to, subject, text), name="mail").start()


def greet(config: Config, seconds: float) -> None:
    """Connect to the mail server as a mail would, say hello and leave.

    Raises OSError, ValueError or SMTPException. Each step may take so many seconds.
    """
    with _connected(config, seconds) as server:
        server.ehlo_or_helo_if_needed()


def deliver(config: Config, to: str, subject: str, text: str, headers: dict[str, str] | None = None) -> None:
    """Send a mail and wait for that. Raises OSError, ValueError or SMTPException."""
    message = _message(config, to, subject, text)
    for name, value in (headers or {}).items():
        message[name] = value
    _hand_over(config, to, message)


def _deliver(config: Config, to: str, subject: str, text: str) -> None:
    try:
        deliver(config, to, subject, text)
    except NoMailServer as error:
        log.error("A mail was not sent: %s", error)
    except (OSError, ValueError, smtplib.SMTPException) as error:
        # Neither the address nor what the server said belongs in a log.
        log.error("A mail could not be sent (%s)", type(error).__name__)


def _message(config: Config, to: str, subject: str, text: str) -> EmailMessage:
    message = EmailMessage(policy=LinksWhole())
    message["From"] = config.mail_from or "caloria@localhost"
    try:
        message["To"] = to
    except Exception as error:  # the library has many ways to fail at what it cannot take apart
        raise ValueError("no address that mail can go to") from error
    message["Subject"] = subject
    message.set_content(text)
    return message


def _hand_over(config: Config, to: str, message: EmailMessage) -> None:
    if config.mail_outbox is not None:
        _write(config.mail_outbox, message)
    elif config.mail_server:
        _send(config, to, message)
    else:
        raise NoMailServer("MAIL_SERVER is not set")


def _write(folder: Path, message: EmailMessage) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{uuid4()}.eml").write_bytes(bytes(message))


def _send(config: Config, to: str, message: EmailMessage) -> None:
    is_taken = False
    try:
        with _connected(config, TIMEOUT_SECONDS) as server:
            if config.mail_username:
                server.login(config.mail_username, config.mail_password)
            server.sock.settimeout(TAKING_SECONDS)
            server.send_message(message, to_addrs=[to])
            is_taken = True
    except (OSError, smtplib.SMTPException):
        # How the server says goodbye changes nothing about that.
        if not is_taken:
            raise


@contextmanager
def _connected(config: Config, seconds: float) -> Iterator[smtplib.SMTP]:
    secure = ssl.create_default_context()
    connect = smtplib.SMTP_SSL if config.mail_tls == "ssl" else smtplib.SMTP
    options = {"context": secure} if config.mail_tls == "ssl" else {}
    with connect(config.mail_server, config.mail_port, timeout=seconds, **options) as server:
        if config.mail_tls == "starttls":
            server.starttls(context=secure)
        yield server
