"""A mail that a job writes: it is sent after what the job changed is stored."""

from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import parseaddr
from typing import Any
from uuid import UUID

from flask import current_app, render_template
from flask_babel import force_locale

from caloria.extensions import settings
from caloria.integrations import mail
from caloria.models import User


class NoPublicUrl(ValueError):
    """It is not known under which address people reach this server."""


def public_url() -> str:
    """With what the links in mails begin. Raises NoPublicUrl."""
    root = settings().link_root
    if not root:
        raise NoPublicUrl
    return root


def nothing() -> None:
    """Nothing more is to be noted."""


@dataclass
class Letter:
    """To whom, and what. `sent` notes that it was taken, in the transaction that ends the job.

    `unsent` takes back what was stored for it, where it was not.
    """

    to: str
    subject: str
    text: str
    headers: dict[str, str] = field(default_factory=dict)
    sent: Callable[[], None] = nothing
    unsent: Callable[[], None] = nothing

    def post(self, job_id: UUID) -> None:
        """Mail it. A job that is done twice mails the same Message-ID, so that it counts as one.

        Raises OSError, ValueError or SMTPException.
        """
        config = settings()
        domain = parseaddr(config.mail_from)[1].rpartition("@")[2]
        headers = {"Message-ID": f"<{job_id}@{domain}>", **self.headers}
        mail.deliver(config, self.to, self.subject, self.text, headers)


def written(root: str, user: User, compose: Callable[[], tuple[str, str, dict[str, Any]]]) -> tuple[str, str]:
    """The subject and the text of a mail, in the person's language, with links that begin with `root`."""
    with current_app.test_request_context(base_url=root), force_locale(user.language):
        subject, template, more = compose()
        # A name may hold what breaks a line; a header is one.
        return " ".join(subject.split()), render_template(template, user=user, **more)
