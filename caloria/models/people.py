"""Finding people among all of them, and what an admin may know: never what is in their diaries."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, func, not_, or_, select, true

from caloria.extensions import db
from caloria.models.clock import utc_now
from caloria.models.entry import Entry
from caloria.models.subscription import Subscription
from caloria.models.user import User, email_key

NEWEST = (User.created_at, User.id)
PLANS = ("plus", "trial", "free")
STATES = ("active", "disabled", "admin", "unconfirmed")


def found(text: str = "", plan: str = "", state: str = "") -> Select:
    """Select the people of whom this is the number, or in whose address or name it stands, and so on."""
    query = select(User)
    for condition in (_said(text.strip()), _on_plan(plan, utc_now()), _in_state(state)):
        query = query.where(condition) if condition is not None else query
    return query


def _said(text: str) -> ColumnElement[bool] | None:
    if not text:
        return None
    try:
        return User.id == UUID(text.removeprefix("user "))
    except ValueError:
        named = func.lower(User.name).contains(text.lower(), autoescape=True)
        return or_(User.email_key.contains(email_key(text), autoescape=True), named)


def _on_plan(plan: str, now: datetime) -> ColumnElement[bool] | None:
    if plan not in PLANS:
        return None
    giving = select(Subscription.id).where(Subscription.user_id == User.id, Subscription.giving_plus(now))
    paid_or_granted = giving.where(not_(Subscription.trials())).exists()
    if plan == "plus":
        return paid_or_granted
    return and_(giving.exists(), not_(paid_or_granted)) if plan == "trial" else not_(giving.exists())


def _in_state(state: str) -> ColumnElement[bool] | None:
    return {
        "active": User.active == true(),
        "disabled": User.active == false(),
        "admin": User.is_admin == true(),
        "unconfirmed": User.email_confirmed_at.is_(None),
    }.get(state)


def last_logged(people: Iterable[User]) -> dict[UUID, date | None]:
    """For which day each of a few people logged last: one look into the index for each."""
    theirs = and_(Entry.user_id == User.id, Entry.deleted_at.is_(None), Entry.planned == false())
    last = select(Entry.day).where(theirs).order_by(Entry.day.desc()).limit(1).correlate(User)
    ids = [person.id for person in people]
    if not ids:
        return {}
    rows = db.session.execute(select(User.id, last.scalar_subquery()).where(User.id.in_(ids)))
    return {row[0]: row[1] for row in rows}


def know_plans(people: Iterable[User]) -> None:
    """Read what the plans of a few people rest on, with one statement for all of them."""
    people = list(people)
    if not people:
        return
    mine = select(Subscription).where(Subscription.user_id.in_([person.id for person in people]))
    rows = list(db.session.scalars(mine.order_by(Subscription.started_at.desc(), Subscription.id.desc())))
    for person in people:
        person.plan_standing.subscriptions = [row for row in rows if row.user_id == person.id]


def by_id(ids: Iterable[UUID]) -> dict[UUID, User]:
    """A few people by their numbers; who was erased is not among them."""
    wanted = set(ids)
    query = select(User).where(User.id.in_(wanted))
    return {user.id: user for user in db.session.scalars(query)} if wanted else {}
