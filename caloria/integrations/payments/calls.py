"""Asking for something to be made, under a key that is stored before it is asked for."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from caloria.extensions import db
from caloria.integrations.payments.client import asked, client
from caloria.integrations.payments.failure import PaymentsUnavailable
from caloria.models import PaymentCall, PaymentEvent
from caloria.models.billing import Billing

# How it is said that the same key came with other words: an address of another host, say.
OTHER_WORDS = "IdempotencyError"
# Asked, and told that it cannot be: asked again under the same key, that would be said again.
REFUSED = "refused"

Ask = Callable[[Any, dict[str, str]], Any]
Look = Callable[[], dict[str, Any] | None]
Keep = Callable[[dict[str, Any]], None]


def nothing(*_answer: Any) -> None:
    """Nothing is there already, and nothing more is kept."""


def require_ready() -> None:
    """Raises PaymentsUnavailable where nobody is charged here, or this data went back in time."""
    client()
    if PaymentEvent.waits_for_comparison():
        raise PaymentsUnavailable("payments wait for: flask subscriptions reconcile --repair")


def made(
    user_id: UUID, intent: str, ask: Ask, unless: Look = nothing, keep: Keep = nothing
) -> dict[str, Any]:
    """Ask, with the options of the call; a lost answer is got by asking for the same once more.

    `unless` looks, under the person's lock, whether it was made meanwhile; `keep` notes the answer together
    with the call. Raises PaymentsUnavailable.
    """
    require_ready()
    try:
        return _made(user_id, intent, ask, unless, keep)
    except PaymentsUnavailable as error:
        if not (error.is_final and str(error).startswith(OTHER_WORDS)):
            raise
        return _made(user_id, intent, ask, unless, keep)


def _made(user_id: UUID, intent: str, ask: Ask, unless: Look, keep: Keep) -> dict[str, Any]:
    if Billing.of(user_id) is None:
        raise PaymentsUnavailable("nobody is there who could pay")
    if there := unless():
        db.session.commit()
        return there
    call = PaymentCall.begin(user_id, intent)
    options = {"idempotency_key": call.idempotency_key}
    db.session.commit()
    try:
        answer = asked(lambda v1: ask(v1, options))
    except PaymentsUnavailable as error:
        if error.is_final:
            note(call, REFUSED)
        raise
    note(call, answer["id"], lambda: keep(answer))
    return answer


def note(call: PaymentCall, answer: str, keep: Callable[[], Any] = nothing) -> None:
    """Note an answer under the lock too: nobody may look between whether there is one and what it is."""
    if Billing.of(call.user_id):
        call.answered(answer)
        keep()
    db.session.commit()
