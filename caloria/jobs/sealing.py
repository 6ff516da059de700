"""The chain over the audit goes on by itself."""

from huey import crontab

from caloria.jobs.queue import every
from caloria.models import AuditSeal, Job


@every(crontab(), once_per="%Y-%m-%d %H:%M")
def seal_audit(job: Job) -> None:
    """Link what was noted since; once an hour look at all there is, for what was stored very late."""
    AuditSeal.seal(everything=job.created_at.minute == 0)
