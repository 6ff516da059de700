"""Stripe, by its own library, which only what needs it imports, and only where PAYMENTS=stripe.

Nobody waits for a database while the provider thinks, but for one person's row: what is asked of the provider
is stored and committed first, under the key it is asked with. So these functions commit, and are called by
views, operations and jobs with nothing of their own left to commit.
"""

from caloria.integrations.payments.buying import Urls, checkout, portal
from caloria.integrations.payments.changing import cancel, end, refresh, resume, switch
from caloria.integrations.payments.failure import PaymentDeclined, PaymentsUnavailable, PriceDiffers
from caloria.integrations.payments.fetching import fetch_subscription, invoice_url
from caloria.integrations.payments.hearing import replay
from caloria.integrations.payments.hosts import hosts

__all__ = [
    "PaymentDeclined",
    "PaymentsUnavailable",
    "PriceDiffers",
    "Urls",
    "cancel",
    "checkout",
    "end",
    "fetch_subscription",
    "hosts",
    "invoice_url",
    "portal",
    "refresh",
    "replay",
    "resume",
    "switch",
]
