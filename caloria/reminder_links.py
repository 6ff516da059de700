"""The links in reminders that turn them off: signed, for that alone, and without end."""

from uuid import UUID

from itsdangerous import BadData, URLSafeSerializer

from caloria.extensions import settings
from caloria.models import Reminder


def signer() -> URLSafeSerializer:
    config = settings()
    keys = [*config.secret_key_fallbacks, config.secret_key]  # the last one signs
    return URLSafeSerializer([key for key in keys if key], salt="a reminder is turned off")


def token_of(reminder: Reminder) -> str:
    return signer().dumps(reminder.user_id.hex + reminder.id.hex)


def reminder_named(token: str) -> tuple[UUID, UUID] | None:
    """Whose reminder this token turns off, and which; None where we did not sign it."""
    try:
        ids = signer().loads(token)
    except BadData:
        return None
    return UUID(ids[:32]), UUID(ids[32:])
