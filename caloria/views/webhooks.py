from flask import Blueprint, Response, abort, request

from caloria.access import public
from caloria.extensions import csrf, settings
from caloria.integrations.payments import PaymentsUnavailable
from caloria.integrations.payments.client import is_on
from caloria.integrations.payments.event_facts import NoEvent, facts_of
from caloria.integrations.payments.hearing import hear
from caloria.integrations.payments.signature import NotSigned, require_signature
from caloria.metrics import count_payment_event

bp = Blueprint("webhooks", __name__, url_prefix="/webhooks")

# An event with a long invoice has some tens of kilobytes.
MOST_BYTES = 256 * 1024
TRY_AGAIN = {"Retry-After": "60"}


@bp.post("/stripe")
@csrf.exempt
@public
def create():
    """Hear an event of the payment provider, who sends it again until the answer is 200."""
    if not is_on():
        abort(404)
    request.max_content_length = MOST_BYTES
    try:
        said = signed_event(request.get_data(cache=False))
    except (NotSigned, NoEvent):
        return refused("refused", "Not an event of the payment provider.")
    if said["livemode"] != (settings().environment == "production"):
        return refused("other_mode", "An event of the other mode.")
    return heard(said)


def signed_event(body: bytes) -> dict:
    """Raises NotSigned or NoEvent."""
    header = request.headers.get("Stripe-Signature", "")
    require_signature(body, header, settings().stripe_webhook_secrets)
    return facts_of(body)


def heard(said: dict):
    """Said in a word, for nobody but the provider's own page of deliveries."""
    try:
        became = hear(said)
    except PaymentsUnavailable:
        count_payment_event("failed")
        return Response("Later, please.", 503, TRY_AGAIN, mimetype="text/plain")
    except Exception:
        count_payment_event("failed")
        raise
    count_payment_event(became)
    return Response(became, mimetype="text/plain")


def refused(result: str, words: str):
    count_payment_event(result)
    return Response(words, 400, mimetype="text/plain")
