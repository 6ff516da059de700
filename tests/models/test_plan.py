"""What somebody may do: worked out from what they try, were given or pay for, and from nothing else."""

from datetime import time

import pytest
from plans import DAY, sell, subscribe
from sqlalchemy import select

from caloria.extensions import db
from caloria.models import FREE, PLUS, AuditEvent, LimitReached, PlanStanding, Reminders, Subscription
from caloria.models.clock import utc_now
from caloria.models.ids import new_id


@pytest.fixture
def sold(app, monkeypatch):
    """Plus is sold here."""
    sell(monkeypatch)


@pytest.fixture
def carol(sold, make_person):
    """Somebody who signed up where Plus is sold, and whose trial is over."""
    carol = make_person("Carol")
    Subscription.extend_trial(carol, utc_now() - DAY)
    db.session.commit()
    return carol


def test_where_nothing_is_sold_everybody_has_everything_and_no_trial_begins(alice, statements):
    statements.clear()
    assert (alice.plan, alice.plan_standing.state) == (PLUS, "off")
    assert not statements
    assert not db.session.scalars(Subscription.of(alice)).all()


@pytest.mark.parametrize("way", ["manual", "stripe"])
def test_whoever_signs_up_tries_plus_for_fourteen_days(monkeypatch, app, make_person, way):
    sell(monkeypatch, way)
    dora, now = make_person("Dora"), utc_now()

    standings = [PlanStanding(dora, now + days * DAY) for days in (0, 13.9, 14.1)]

    assert [(each.plan, each.state) for each in standings] == [
        (PLUS, "trial"),
        (PLUS, "trial"),
        (FREE, "free"),
    ]
    assert standings[2].ended.is_trial


def test_a_trial_is_begun_once_and_an_admins_change_of_it_is_noted(carol):
    Subscription.start_trial(carol)
    assert PlanStanding(carol).plan is FREE

    Subscription.extend_trial(carol, utc_now() + 5 * DAY)
    Subscription.grant(carol, utc_now() + 9 * DAY)
    db.session.flush()

    assert [PlanStanding(carol, utc_now() + days * DAY).state for days in (4, 8, 10)] == [
        "granted",
        "granted",
        "free",
    ]
    Subscription.grant(carol, utc_now())
    db.session.flush()
    assert PlanStanding(carol).state == "trial"
    acts = db.session.scalars(select(AuditEvent.act).where(AuditEvent.object == f"user {carol.id}"))
    assert [each for each in acts if "until" in each or "trial" in each] == [
        "trial start",
        "trial until another day",
        "trial until another day",
        "grant until another day",
        "grant until another day",
    ]


@pytest.mark.parametrize(
    ("status", "more", "plan", "state", "trouble"),
    [
        ("active", {}, PLUS, "active", None),
        ("trialing", {}, PLUS, "active", None),
        # Until a message comes that it is over, what is paid for goes on.
        ("active", {"paid_until": -1}, PLUS, "active", None),
        ("active", {"paid_until": 1, "cancel_at_period_end": True}, PLUS, "ending", None),
        ("active", {"paid_until": -1, "cancel_at_period_end": True}, FREE, "free", None),
        ("past_due", {"past_due_since": -6.9}, PLUS, "grace", "past_due"),
        ("past_due", {"past_due_since": -7.1}, FREE, "free", "past_due"),
        ("incomplete", {}, FREE, "free", "incomplete"),
        ("unpaid", {"paid_until": 9}, FREE, "free", "unpaid"),
        ("paused", {"paid_until": 9}, FREE, "free", "paused"),
        ("canceled", {"paid_until": 9}, FREE, "free", None),
        # Of what came from elsewhere nobody tells us: it holds as long as it was paid for.
        ("active", {"customer_id": None, "paid_until": 1}, PLUS, "ending", None),
        ("active", {"customer_id": None, "paid_until": -1}, FREE, "free", None),
    ],
)
def test_what_is_paid_for_gives_plus_as_the_provider_says(carol, status, more, plan, state, trouble):
    subscribe(carol, status, **more)
    standing = PlanStanding(carol)
    assert (standing.plan, standing.state, standing.trouble) == (plan, state, trouble)


def test_a_trial_goes_on_while_the_first_payment_is_not_finished(carol):
    Subscription.extend_trial(carol, utc_now() + DAY)
    subscribe(carol, "incomplete")
    assert (PlanStanding(carol).state, PlanStanding(carol).trouble) == ("trial", "incomplete")


def remind(person, number: int, from_minute: int = 0) -> None:
    for minute in range(from_minute, from_minute + number):
        Reminders(person).add(time(8, minute), None, new_id(), f"at {minute}")


def test_a_limit_holds_and_what_is_beyond_it_when_plus_ends_goes_on(carol):
    Subscription.grant(carol, utc_now() + DAY)
    remind(carol, 10)
    with pytest.raises(LimitReached):
        remind(carol, 1, from_minute=30)

    Subscription.grant(carol, utc_now())
    del carol.__dict__["plan_standing"]
    with pytest.raises(LimitReached) as reached:
        remind(carol, 1, from_minute=30)

    assert reached.value.most == 2
    assert len(Reminders(carol).all) == 10


def test_the_plan_knows_each_feature_by_name_and_no_other():
    assert (FREE.allows("assistant"), PLUS.allows("assistant")) == (False, True)
    with pytest.raises(LookupError):
        PLUS.allows("export")
