"""What keeps searching quick among millions of foods."""

from huey import crontab

from caloria.jobs.queue import every
from caloria.models import FoodTier, Job


@every(crontab(hour="3-23", minute="*/10"), once_per="%Y-%m-%d")
def sort_foods(_job: Job) -> None:
    """Let searching look first for what is used most."""
    FoodTier.sort()
