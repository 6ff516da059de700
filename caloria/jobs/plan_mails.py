"""Mails about the plan: before a trial ends, when a payment fails, when Plus was cancelled. Each comes once.

They say what happens and what stays, and nothing to hurry anybody.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from huey import crontab

from caloria.extensions import db
from caloria.filters.dates import day_words
from caloria.jobs.letter import Letter, public_url, written
from caloria.jobs.queue import every, task
from caloria.models import Job, PlanStanding, Subscription, User
from caloria.models.plan import payments
from caloria.models.server import the_time


# The keys of what was mailed are known for longer than the day in which a trial may be found.
@every(crontab(minute="20"), once_per="%Y-%m-%d %H")
def trials_ending(_job: Job) -> None:
    """Put a mail into the queue for every trial that ends in three days."""
    if payments() == "off":
        return
    for each in db.session.scalars(Subscription.trials_ending(the_time())):
        Job.put("trial_ending", f"trial ending {each.user_id} {each.paid_until:%Y-%m-%d}", **who(each))


@task
def trial_ending(_job: Job, user_id: str) -> Letter | None:
    """Mail when it ends and what stays, unless Plus goes on anyway."""
    user, standing = standing_of(user_id)
    if user is None or standing.state != "trial":
        return None
    until = standing.rests_on.paid_until
    return letter(user, lambda: _("Your trial of Plus ends soon"), "trial_ending", until)


@task
def payment_failed(_job: Job, user_id: str) -> Letter | None:
    """Mail that a payment did not come through, unless it has by now."""
    user, standing = standing_of(user_id)
    if user is None or standing.trouble not in ("past_due", "unpaid"):
        return None
    until = standing.open.grace_until if standing.state == "grace" else None
    return letter(user, lambda: _("A payment for Plus did not come through"), "payment_failed", until)


@task
def plus_cancelled(_job: Job, user_id: str) -> Letter | None:
    """Mail until when Plus goes on and what stays, unless it was taken up again."""
    user, standing = standing_of(user_id)
    if user is None or (standing.open and not standing.open.cancel_at_period_end):
        return None
    until = standing.rests_on.paid_until if standing.rests_on else None
    return letter(user, lambda: _("Plus is cancelled"), "plus_cancelled", until)


def who(subscription: Subscription) -> dict[str, str]:
    return {"user_id": str(subscription.user_id)}


def standing_of(user_id: str) -> tuple[User | None, Any]:
    """Somebody who can be mailed, and how their plan is now."""
    user = db.session.get(User, UUID(user_id))
    if user is None or not (user.active and user.has_address) or payments() == "off":
        return None, None
    return user, PlanStanding(user, the_time())


def letter(user: User, subject: Callable[[], str], template: str, until: datetime | None) -> Letter:
    def compose():
        day = day_words(user.local_time(until).date()) if until else None
        link = url_for("subscription.show", _external=True)
        said = {"day": day, "link": link, "payments": payments()}
        return subject(), f"emails/{template}.txt", said

    return Letter(
        user.email, *written(public_url(), user, compose), headers={"Auto-Submitted": "auto-generated"}
    )
