import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import (
    CheckConstraint,
    Connection,
    ForeignKeyConstraint,
    Index,
    and_,
    delete,
    exists,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, joinedload, mapped_column

from caloria.extensions import db
from caloria.models.clock import utc_now
from caloria.models.entry import Entry
from caloria.models.meal import Meal
from caloria.models.ownership import FromForm, Owned, owned
from caloria.models.user import User

# Later than that it would come at another time of the day than the person chose.
LATE_AT_MOST = timedelta(hours=2)
MINUTE = timedelta(minutes=1)
log = logging.getLogger(__name__)


class Reminder(Owned, FromForm, db.Model):
    """A mail that a person wants at a time of their day, if nothing is logged by then."""

    __tablename__ = "reminders"
    __table_args__ = (
        CheckConstraint("put_for BETWEEN '1900-01-01' AND '2200-12-31'", name="put_for"),
        ForeignKeyConstraint(["user_id", "meal_id"], ["meals.user_id", "meals.id"]),
        Index(None, "at"),
    )

    # On the person's wall.
    at: Mapped[time]
    # Without one it is about the whole day.
    meal_id: Mapped[UUID | None]
    # No mail is meant for a moment before: it was made then, or the database came back from a backup.
    holds_from: Mapped[datetime] = mapped_column(default=utc_now)
    # The last day of the person's for which a mail was put into the queue.
    put_for: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)

    meal: Mapped[Meal | None] = owned("Reminder", "meal_id", "Meal")

    @classmethod
    def come(cls, now: datetime) -> Iterator[tuple["Reminder", User, date]]:
        """Those whose time has come, and which day of the person's each is about."""
        for zone in db.session.scalars(select(User.time_zone).join(cls, cls.user_id == User.id).distinct()):
            near: list[Any] = []
            with left_out_where_it_fails("The time zone", zone):
                near = list(db.session.execute(cls._near(zone, now)).all())
            for reminder, user in near:
                day = None
                with left_out_where_it_fails("The reminder", reminder.id):
                    day = reminder._comes(user, now)
                if day:
                    yield reminder, user, day

    def _comes(self, user: User, now: datetime) -> date | None:
        """Which day it is about, if its time has come and no mail was put for that."""
        moment = self.latest(user.zone, now)
        day = user.today(moment)
        is_new = moment >= self.holds_from and day != self.put_for
        return day if is_new and is_timely(moment, now) else None

    @classmethod
    def _near(cls, zone: str, now: datetime):
        """Those of a time zone whose time of the day may have come in the last hours."""
        wall = [moment.astimezone(ZoneInfo(zone)).time() for moment in (now - 2 * LATE_AT_MOST, now)]
        between = (cls.at >= wall[0], cls.at <= wall[1])
        in_use = or_(cls.meal_id.is_(None), Meal.archived_at.is_(None))
        return (
            select(cls, User)
            .join(User, User.id == cls.user_id)
            .outerjoin(Meal, and_(Meal.user_id == cls.user_id, Meal.id == cls.meal_id))
            .where(User.time_zone == zone, User.active == true(), in_use)
            .where(and_(*between) if wall[0] <= wall[1] else or_(*between))
        )

    def latest(self, zone: ZoneInfo, now: datetime) -> datetime:
        """The last moment up to now at which the wall showed this time."""
        today = now.astimezone(zone).date()
        moments = (moment_of(day, self.at, zone) for day in (today, today - timedelta(days=1)))
        return next(moment for moment in moments if moment <= now)

    @classmethod
    def find(cls, user_id: UUID, reminder_id: UUID) -> "Reminder | None":
        """One that is still on, with its meal."""
        mine = select(cls).where(cls.user_id == user_id, cls.id == reminder_id)
        return db.session.scalar(mine.options(joinedload(cls.meal)))

    def note_put(self, day: date) -> None:
        """Remember that a mail about this day is in the queue."""
        mine = and_(Reminder.user_id == self.user_id, Reminder.id == self.id)
        db.session.execute(update(Reminder).where(mine).values(put_for=day))

    def is_called_for(self, user: User, day: date, now: datetime) -> bool:
        """Whether it is still time, nothing is logged there yet, and this person can be mailed.

        What is planned is not logged.
        """
        moment = self.latest(user.zone, now)
        if not (user.active and user.has_address and is_timely(moment, now) and user.today(moment) == day):
            return False
        mine = and_(Entry.user_id == user.id, Entry.day == day, Entry.deleted_at.is_(None))
        logged = exists().where(mine, Entry.planned.is_(False))
        if self.meal_id:
            logged = logged.where(Entry.meal_id == self.meal_id)
        return not db.session.scalar(select(logged))

    @classmethod
    def turn_off(cls, user_id: UUID, reminder_id: UUID) -> None:
        """Never mail it again. It may be off already."""
        db.session.execute(delete(cls).where(cls.user_id == user_id, cls.id == reminder_id))

    @classmethod
    def begin_anew(cls, connection: Connection) -> None:
        """In a database that came back from a backup: what was due before may have been mailed since."""
        connection.execute(update(cls).values(holds_from=utc_now()))

    @classmethod
    def turn_all_off(cls, connection: Connection) -> None:
        """In a copy whose original goes on reminding."""
        connection.execute(delete(cls))


def is_timely(moment: datetime, now: datetime) -> bool:
    return timedelta() <= now - moment <= LATE_AT_MOST


@contextmanager
def left_out_where_it_fails(what: str, which: object) -> Iterator[None]:
    """One that cannot be worked out, such as a time zone that is unknown here, keeps nobody else waiting."""
    try:
        yield
    except SQLAlchemyError:
        raise
    except Exception as error:
        log.error("%s %s is left out of the reminders (%s)", what, which, type(error).__name__)


def moment_of(day: date, at: time, zone: ZoneInfo) -> datetime:
    """When the wall shows this time on this day: the first time of two.

    One that clocks skip comes at the next that they show, or at the last of that day where they skip its end.
    """
    wall, step = datetime.combine(day, at), MINUTE
    while True:
        moment = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
        if moment.astimezone(zone).replace(tzinfo=None) == wall:
            return moment
        if (wall + step).date() != day:
            step = -MINUTE
        wall += step
