"""The overview tells the truth: what nobody counted is unknown, and no figure is zero for that."""

import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import text, update

from caloria.extensions import db
from caloria.models import DailyFigure, Day, Entry, Payment, Subscription
from caloria.models.clock import utc_now
from caloria.models.day_count import count_days
from caloria.models.ids import new_id
from caloria.models.overview import COUNTED


def figures(client) -> dict[str, str]:
    """What the page says of each figure, as its first words."""
    page = client.get("/admin").get_data(as_text=True)
    found = re.findall(r'<section class="card[^>]*aria-labelledby="(\w+)">(.*?)</section>', page, re.DOTALL)
    return {name: " ".join(re.sub(r"<[^>]+>", " ", words).split()) for name, words in found}


def number(words: str) -> str:
    return re.search(
        r"(unknown|none|[\d€][\d.,]*)", words.split(" ", 1)[1].replace("28 days", "").replace("7 days", "")
    )[0]


def counted(client) -> dict[str, str]:
    count_days()
    db.session.commit()
    return {name: number(words) for name, words in figures(client).items()}


def log(person, food, day: date, planned: bool = False) -> Entry:
    its_day = Day(person, day)
    entry = its_day.log(food, food.usual_portion, 1, its_day.meals[0].meal, new_id(), "a form")
    entry.planned = planned
    db.session.commit()
    return entry


def test_before_anybody_counted_everything_is_unknown_and_nothing_is_zero(sign_in, ada):
    shown = figures(sign_in(ada))

    assert list(shown) == list(COUNTED)
    for words in shown.values():
        assert "unknown" in words
        assert "Not counted yet" in words
        assert not re.search(r"(?<![\w:.-])0(?![\w:.-])", words), words


def test_who_is_active_is_counted_by_everybodys_own_calendar(sign_in, ada, alice, bob, oats):
    today = utc_now().date()
    log(alice, oats, today)
    log(alice, oats, today)
    log(bob, oats, today - timedelta(days=6))
    log(ada, oats, today - timedelta(days=20))
    log(ada, oats, today, planned=True)
    log(ada, oats, today).delete()
    db.session.commit()

    shown = counted(sign_in(ada))

    assert [shown[name] for name in ("active_1", "active_7", "active_28", "entries")] == ["1", "2", "3", "2"]
    assert shown["sign_ups"] == "3"


def test_revenue_is_what_paid_subscriptions_bring_in_a_month(sign_in, ada, alice, bob, make_person):
    now = utc_now()
    said = [
        ("active", 499, "month"),
        ("active", 4990, "year"),
        ("past_due", 499, "month"),
        ("active", None, None),
    ]
    for status, amount, billed_per in said:
        person = make_person(f"Payer{len(db.session.new)}{new_id().hex[-6:]}")
        more = {"amount_minor": amount, "billed_per": billed_per, "currency": "EUR" if amount else None}
        ids = {"provider": "stripe", "provider_id": new_id().hex, "customer_id": new_id().hex}
        db.session.add(Subscription(user_id=person.id, status=status, started_at=now, **ids, **more))
    Subscription.extend_trial(alice, now + timedelta(days=3))
    Subscription.extend_trial(bob, now - timedelta(days=3))
    Subscription.grant(ada, now + timedelta(days=3))
    said = {"user_id": bob.id, "provider": "stripe", "provider_id": "in_1", "amount_minor": 499}
    db.session.add(Payment(kind="failed", currency="EUR", at=now, **said))
    db.session.commit()
    admin = sign_in(ada)

    shown = counted(admin)

    # 4.99 and a twelfth of 49.90.
    assert shown["monthly_revenue"] == "€9.15"
    assert "without 1 paid subscription whose price is not known" in figures(admin)["monthly_revenue"]
    assert [shown[name] for name in ("paid", "past_due", "failed_payments")] == ["3", "1", "1"]
    assert int(shown["trialing"]) == 1


def test_what_the_database_refuses_to_count_is_unknown_and_all_else_is_known(sign_in, ada):
    db.session.execute(text("ALTER TABLE payments RENAME TO payments_gone"))

    shown = counted(sign_in(ada))

    assert shown["failed_payments"] == "unknown"
    assert [name for name, value in shown.items() if value == "unknown"] == ["failed_payments"]


def test_where_the_database_refuses_what_was_counted_nothing_is_zero(sign_in, ada):
    admin = sign_in(ada)
    counted(admin)
    db.session.execute(text("ALTER TABLE daily_figures RENAME TO figures_gone"))
    db.session.commit()

    shown = figures(admin)

    assert {number(words) for words in shown.values()} == {"unknown"}
    assert "The database refuses to say what was counted." in admin.get("/admin").text


def test_a_figure_that_was_counted_long_ago_says_so(sign_in, ada):
    admin = sign_in(ada)
    counted(admin)
    db.session.execute(update(DailyFigure).values(as_of=utc_now() - timedelta(hours=5)))
    db.session.commit()

    words = figures(admin)["sign_ups"]

    assert number(words) == "unknown"
    assert "it was 1" in words


def test_a_day_is_counted_until_it_has_ended_everywhere_and_a_missed_one_later(app, alice, oats):
    today = utc_now().date()
    days_ago = {ago: today - timedelta(days=ago) for ago in (1, 5, 9)}
    count_days()
    # As counted in time: five days ago on the day after the next.
    then = datetime.combine(days_ago[5] + timedelta(days=2), time(1), UTC)
    db.session.execute(update(DailyFigure).where(DailyFigure.day == days_ago[5]).values(as_of=then))
    db.session.execute(
        text("DELETE FROM daily_figures WHERE day = :day"),
        {"day": days_ago[9].isoformat()} if db.engine.dialect.name == "sqlite" else {"day": days_ago[9]},
    )
    for day in days_ago.values():
        log(alice, oats, day)

    count_days()

    found = {(row.day, row.name): row.value for row in db.session.execute(DailyFigure.since(days_ago[9]))}
    assert [found[day, "entries"] for day in days_ago.values()] == [1, 0, 1]
    assert (days_ago[9], "paid") not in found, "how it stood then, nobody knows any more"


@pytest.mark.parametrize("status", ["trialing", "active", "past_due", "canceled", "unpaid"])
def test_the_database_finds_plus_where_the_model_does(app, alice, status):
    now = utc_now()
    for customer in (None, "cus"):
        for paid_until in (None, now - timedelta(days=1), now + timedelta(days=1)):
            for ends in (False, True):
                for since in (None, now - timedelta(days=8), now - timedelta(days=1)):
                    db.session.query(Subscription).delete()
                    row = Subscription(
                        user_id=alice.id,
                        provider="stripe",
                        provider_id="sub",
                        status=status,
                        started_at=now,
                        customer_id=customer,
                        paid_until=paid_until,
                        cancel_at_period_end=ends,
                        past_due_since=since,
                    )
                    db.session.add(row)
                    db.session.flush()
                    found = db.session.query(Subscription).where(Subscription.giving_plus(now)).count() == 1
                    assert found == row.gives_plus(now), (status, customer, paid_until, ends, since)
