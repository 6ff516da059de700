"""The library, made ready once for each process, and its errors in words of ours."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

from flask import current_app

from caloria.extensions import settings
from caloria.integrations.payments.failure import PaymentDeclined, PaymentRefused, PaymentsUnavailable
from settings.payments import STRIPE

# Somebody waits for the page: longer than this to connect, or for an answer, is as good as none.
CONNECT_SECONDS, ANSWER_SECONDS = 4, 8
# What was asked under a key is asked again under it by the person, the event or the job: not in one breath.
RETRIES = 0
MADE = "caloria_stripe"
log = logging.getLogger(__name__)
_making = Lock()


def is_on() -> bool:
    """Whether people pay through Stripe."""
    return settings().payments == STRIPE


def client() -> Any:
    """What speaks to Stripe. Raises PaymentsUnavailable where people do not pay that way."""
    if not is_on():
        raise PaymentsUnavailable("PAYMENTS is not stripe")
    with _making:
        made = current_app.extensions.get(MADE)
        if made is None:
            made = current_app.extensions[MADE] = connected(settings())
    return made.v1


def connected(config: Any) -> Any:
    """A client with bounds in time, that tells nobody how long things took."""
    import stripe

    logging.getLogger("stripe").setLevel(logging.WARNING)  # it would repeat what it is told
    stripe.enable_telemetry = False
    elsewhere = {"base_addresses": {"api": config.stripe_api_url}} if config.stripe_api_url else {}
    http = stripe.RequestsClient(timeout=(CONNECT_SECONDS, ANSWER_SECONDS))
    return stripe.StripeClient(
        config.stripe_secret_key, max_network_retries=RETRIES, http_client=http, **elsewhere
    )


def found(ask: Callable[[Any], Any]) -> dict[str, Any] | None:
    """What the provider has, as plain values; None where there is no such thing.

    Raises PaymentsUnavailable.
    """
    with told_apart() as is_missing:
        return ask(client()).to_dict()
    return None if is_missing else {}


def asked(ask: Callable[[Any], Any]) -> dict[str, Any]:
    """The same for what has to be there, or is made."""
    answer = found(ask)
    if answer is None:
        raise PaymentsUnavailable("the provider knows no such thing")
    return answer


def listed(ask: Callable[[Any], Any]) -> Iterator[dict[str, Any]]:
    """Every row of a list, page after page."""
    with told_apart():
        for each in ask(client()).auto_paging_iter():
            yield each.to_dict()


@contextmanager
def told_apart() -> Iterator[list[bool]]:
    """Turn errors of the library into ours; what is missing is noted and passed over."""
    import stripe

    is_missing: list[bool] = []
    try:
        yield is_missing
    except stripe.CardError as error:
        raise PaymentDeclined(said(error)) from None
    except stripe.InvalidRequestError as error:
        if error.http_status != 404:
            raise refused(error) from None
        is_missing.append(True)
    except stripe.IdempotencyError as error:
        # 409: another asks under this key at this moment, and gets the answer.
        raise (unavailable(error) if error.http_status == 409 else refused(error)) from None
    except stripe.StripeError as error:
        raise unavailable(error) from None


def refused(error: Any) -> PaymentRefused:
    log.error("The payment provider refused what was asked (%s)", said(error))
    return PaymentRefused(said(error))


def unavailable(error: Any) -> PaymentsUnavailable:
    log.error("The payment provider did not do as asked (%s)", said(error))
    return PaymentsUnavailable(said(error))


def said(error: Any) -> str:
    """Its class, status and code, and the number that the provider's support asks for: no words."""
    known = (error.http_status, error.code, error.request_id)
    return " ".join([type(error).__name__, *(str(each) for each in known if each)])
