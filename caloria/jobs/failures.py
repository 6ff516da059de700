"""What became of a job that went wrong: whether it is worth another try, and who is told."""

import logging
import smtplib

from flask import current_app
from sqlalchemy.exc import OperationalError

from caloria.integrations.mail import NoMailServer
from caloria.integrations.payments.failure import PaymentsUnavailable
from caloria.jobs.letter import NoPublicUrl
from caloria.models import Job
from settings.log_lines import described

# An operator sets what is missing, and it goes on.
MENDED_BY_A_SETTING = (NoMailServer, NoPublicUrl)
# Machines that are away for a while are nobody's fault in the code.
OF_OTHER_MACHINES = (OSError, OperationalError, PaymentsUnavailable)
log = logging.getLogger(__name__)


def lasts(error: Exception) -> bool:
    """Whether it would end in the same way tomorrow: it makes no sense, or was refused for good."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _words in error.recipients.values())
    if isinstance(error, (smtplib.SMTPDataError, smtplib.SMTPSenderRefused)):
        return error.smtp_code >= 500
    return isinstance(error, ValueError) and not isinstance(error, MENDED_BY_A_SETTING)


def tell(job: Job, error: Exception) -> None:
    """Log its class and where it was, and tell Sentry: the words of an error may repeat an address."""
    facts = {"job": str(job.id), "task": job.task}
    said = (job.id, job.task, type(error).__name__)
    log.error("Job %s (%s) failed: %s", *said, extra={"facts": facts, "errors": described(error)})
    sentry = current_app.extensions["caloria_sentry"]
    if sentry and not isinstance(error, (*OF_OTHER_MACHINES, *MENDED_BY_A_SETTING)):
        sentry.tell(error, f"job {job.task}", job=str(job.id))
