from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.exc import DBAPIError

from caloria.extensions import db
from caloria.models.clock import utc_now
from caloria.models.daily_figure import Counted, DailyFigure
from caloria.models.entry import Entry
from caloria.models.payment import Payment
from caloria.models.subscription import OURS, Subscription
from caloria.models.user import User

# Who logged something on this day or on the days before it, so many in all.
WINDOWS = {"active_1": 1, "active_7": 7, "active_28": 28}
KEPT_IN_SIGHT = 30
# West of Greenwich a day ends later, and may begin at noon: until then people are still in it.
FINAL_AFTER = timedelta(days=2)


class DayCount:
    """Counts what there was on a day (UTC), by what the tables say now.

    What happened can be counted of a past day too. How something stood cannot: nobody knows it afterwards.
    """

    def __init__(self, day: date):
        self.day = day
        self.begins = datetime.combine(day, time(), UTC)
        self.ends = self.begins + timedelta(days=1)

    def sign_ups(self) -> list[Counted]:
        made = select(func.count()).where(User.created_at >= self.begins, User.created_at < self.ends)
        return [Counted("sign_ups", db.session.scalars(made).one())]

    def activity(self) -> list[Counted]:
        """One look into the index for each person: entries are by far the most there is."""
        is_theirs = and_(Entry.user_id == User.id, Entry.deleted_at.is_(None), Entry.planned.is_(False))
        first = self.day - timedelta(days=max(WINDOWS.values()) - 1)
        in_sight = select(Entry.day).where(is_theirs, Entry.day.between(first, self.day))
        last = in_sight.order_by(Entry.day.desc()).limit(1).correlate(User).scalar_subquery()
        today = select(func.count()).where(is_theirs, Entry.day == self.day).correlate(User).scalar_subquery()
        people = select(last.label("last"), today.label("today")).select_from(User).subquery()
        grouped = select(people.c.last, func.count(), func.sum(people.c.today)).group_by(people.c.last)
        rows = [row for row in db.session.execute(grouped) if row[0] is not None]
        active = Counter({name: 0 for name in WINDOWS})
        for name, days in WINDOWS.items():
            active[name] = sum(people for last, people, _ in rows if (self.day - last).days < days)
        entries = sum(int(today) for _, _, today in rows)
        return [*(Counted(name, number) for name, number in active.items()), Counted("entries", entries)]

    def failed_payments(self) -> list[Counted]:
        failed = select(func.count()).where(Payment.kind == "failed")
        of_day = failed.where(Payment.at >= self.begins, Payment.at < self.ends)
        return [Counted("failed_payments", db.session.scalars(of_day).one())]

    def subscriptions(self) -> list[Counted]:
        """How they stand now, and what they bring."""
        now = utc_now()
        lasts = or_(Subscription.paid_until.is_(None), Subscription.paid_until > now)
        is_paid = and_(Subscription.provider != OURS, Subscription.status == "active")
        counted = select(
            func.count().filter(is_paid),
            func.count().filter(Subscription.status == "trialing", lasts),
            func.count().filter(Subscription.status == "past_due"),
            func.count().filter(is_paid, Subscription.amount_minor.is_(None)),
        ).select_from(Subscription)
        names = ("paid", "trialing", "past_due", "unpriced")
        standing = zip(names, db.session.execute(counted).one(), strict=True)
        return [*(Counted(name, number) for name, number in standing), *self.revenue()]

    def revenue(self) -> list[Counted]:
        """What those that are paid bring in a month, in each currency; a yearly one brings a twelfth."""
        by = Subscription.currency, Subscription.billed_per
        paid = select(*by, func.sum(Subscription.amount_minor)).where(
            Subscription.provider != OURS,
            Subscription.status == "active",
            Subscription.amount_minor.is_not(None),
        )
        before = select(DailyFigure.unit).where(
            DailyFigure.day == self.day, DailyFigure.name == "monthly_revenue"
        )
        # Where the last of a currency ended today, it brings nothing rather than what it did this morning.
        twelfths: Counter[Any] = Counter(dict.fromkeys(db.session.scalars(before), 0))
        for currency, billed_per, total in db.session.execute(paid.group_by(*by)):
            twelfths[currency] += int(total or 0) * (1 if billed_per == "year" else 12)
        return [Counted("monthly_revenue", round(total / 12), unit) for unit, total in twelfths.items()]


# By the figure that tells whether it was counted.
EVENTS: dict[str, Callable[[DayCount], list[Counted]]] = {
    "sign_ups": DayCount.sign_ups,
    "active_1": DayCount.activity,
    "failed_payments": DayCount.failed_payments,
}


def count_days(today: date | None = None) -> list[str]:
    """Count what was not counted yet, or not to its end. What the database refuses stays unknown.

    Returns what that is.
    """
    today = today or utc_now().date()
    first = today - timedelta(days=KEPT_IN_SIGHT - 1)
    counted = {(row.day, row.name): row.as_of for row in db.session.execute(DailyFigure.since(first))}
    refused = [] if _count(DayCount(today), DayCount.subscriptions) else ["subscriptions"]
    for days_ago in range(KEPT_IN_SIGHT):
        count = DayCount(today - timedelta(days=days_ago))
        for name, part in EVENTS.items():
            as_of = counted.get((count.day, name))
            is_final = as_of is not None and as_of >= count.begins + FINAL_AFTER
            if part.__name__ not in refused and not is_final and not _count(count, part):
                refused.append(part.__name__)
    return refused


def _count(count: DayCount, part: Callable[[DayCount], list[Counted]]) -> bool:
    try:
        with db.session.begin_nested():
            DailyFigure.note(count.day, part(count))
    except DBAPIError:
        return False
    return True
