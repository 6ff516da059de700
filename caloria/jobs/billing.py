"""What is done at the provider of payments outside of pages."""

import logging

from huey import crontab

from caloria.integrations import payments
from caloria.integrations.payments.client import is_on
from caloria.jobs.queue import every, task
from caloria.models import AuditEvent, Job
from caloria.operations.reconciliation import Reconciliation

log = logging.getLogger(__name__)


@task
def end_subscription(_job: Job, provider_id: str, with_refund: bool = False) -> None:
    """End a subscription at the provider: a second one, with its money back, or that of somebody erased."""
    payments.end(provider_id, with_refund)
    said = {"subscription": provider_id, "refund": with_refund}
    AuditEvent.note("subscription ended at the provider", "stripe", after=said)


# From four o'clock UTC on, when backups and what is tidied up are done.
@every(crontab(hour="4-23", minute="*/10"), once_per="%Y-%m-%d")
def reconcile(_job: Job) -> None:
    """Compare payments with their provider, and mend what differs. Unlike others it commits as it goes."""
    if not is_on():
        return
    comparison = Reconciliation(mends=True)
    for difference in comparison.run():
        state = "mended" if difference.is_mended else "not mended"
        log.warning("Payments differ from their provider (%s): %s", state, difference.words)
