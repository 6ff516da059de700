"""What is tidied up once a day."""

from huey import crontab

from caloria.jobs.queue import every
from caloria.models import EmailConfirmation, Job, PasswordReset, Session, Throttle


# From three o'clock UTC on, or when the first worker is back.
@every(crontab(hour="3-23", minute="*/10"), once_per="%Y-%m-%d")
def nightly(_job: Job) -> None:
    """Forget what has ended: sessions, links of mails, counted attempts, jobs."""
    for ended in (Session, PasswordReset, EmailConfirmation, Throttle, Job):
        ended.prune()
