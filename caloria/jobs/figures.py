"""What the admin's overview shows, counted now and then: its page counts nothing."""

import logging

from huey import crontab

from caloria.jobs.queue import every
from caloria.models import Job
from caloria.models.day_count import count_days as count

log = logging.getLogger(__name__)


@every(crontab(minute="*/10"), once_per="%Y-%m-%d %H")
def count_days(_job: Job) -> None:
    """Count today, what was not counted to its end, and what was missed while nobody worked."""
    for refused in count():
        log.warning("The database refuses to count %s", refused)
