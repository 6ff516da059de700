"""Reminders by mail, for those who want them: never late, and each of them once."""

from datetime import date
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from huey import crontab

from caloria.extensions import db
from caloria.filters.dates import day_words
from caloria.jobs.letter import Letter, public_url, written
from caloria.jobs.queue import every, task
from caloria.models import Job, Reminder, User
from caloria.models.server import the_time
from caloria.reminder_links import token_of


@every(crontab(), once_per="%Y-%m-%d %H:%M")
def reminders(_job: Job) -> None:
    """Put a mail into the queue for every reminder whose time has come."""
    for each, _user, day in Reminder.come(the_time()):
        each.note_put(day)
        said = {"user_id": str(each.user_id), "reminder_id": str(each.id), "day": day.isoformat()}
        Job.put("reminder", f"reminder {each.id} {day}", **said)


@task
def reminder(_job: Job, user_id: str, reminder_id: str, day: str) -> Letter | None:
    """Mail it, unless something is logged by now, it is off or its time is over."""
    user, mine = db.session.get(User, UUID(user_id)), Reminder.find(UUID(user_id), UUID(reminder_id))
    about, now = date.fromisoformat(day), the_time()
    if not (user and mine and mine.is_called_for(user, about, now)):
        return None
    links: dict[str, str] = {}

    def compose():
        links["day"] = url_for("diary.show", day=about, _external=True)
        links["off"] = url_for("unsubscriptions.new", token=token_of(mine), _external=True)
        said = {"meal": mine.meal, "about": about, "links": links}
        return subject(mine, about, user.local_time(now).date()), "emails/reminder.txt", said

    subject_and_text = written(public_url(), user, compose)
    return Letter(user.email, *subject_and_text, headers=off_with_one_click(links["off"]))


def subject(mine: Reminder, about: date, today: date) -> str:
    """What it is about; the day by its name where it is over by the calendar."""
    day = None if about == today else day_words(about)
    if mine.meal and day:
        return _("%(meal)s on %(day)s is still empty", meal=mine.meal.name, day=day)
    if mine.meal:
        return _("%(meal)s is still empty today", meal=mine.meal.name)
    return _("Your diary of %(day)s is still empty", day=day) if day else _("Today is still empty")


def off_with_one_click(link: str) -> dict[str, str]:
    """RFC 8058: the mail program offers to end it, and posts to the link when somebody says so."""
    return {
        "List-Unsubscribe": f"<{link}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
    }
