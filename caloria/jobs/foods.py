"""What keeps searching quick among millions of foods."""

from huey import crontab

from caloria.jobs.queue import every
from caloria.models import FoodTier, Job

# Among three million foods so many are sorted well within the minute that a worker waits for an answer.
AT_ONCE = 10_000


@every(crontab(hour="3-23", minute="*/10"), once_per="%Y-%m-%d")
def sort_foods(job: Job) -> None:
    """Let searching look first for what is used most; where very much changed, in several jobs."""
    if FoodTier.sort(AT_ONCE) == AT_ONCE:
        Job.put("sort_foods", f"sort_foods after {job.id}")
