"""When a reminder's time has come: on the person's own wall, on their own day, once, and never late."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from caloria.extensions import db
from caloria.models import Entry, Meals, Reminder, Reminders, Signup, User
from caloria.models.clock import utc_now
from caloria.models.ids import new_id
from caloria.models.plan import PLUS, LimitReached
from caloria.models.reminder import moment_of
from caloria.models.reminders import SameReminder
from caloria.models.user import NO_ADDRESS

# In Madrid, an hour ahead of UTC.
NINE = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def remind(alice):
    def remind(at=time(21), meal=None, holds_from=NINE - timedelta(days=30)) -> Reminder:
        added = Reminders(alice).add(at, meal, new_id(), uuid4().hex)
        added.holds_from = holds_from
        db.session.flush()
        return added

    return remind


def come(now) -> list[date]:
    return [day for _reminder, _user, day in Reminder.come(now)]


@pytest.mark.parametrize(
    ("after", "comes"), [(-MINUTE, False), (timedelta(), True), (119 * MINUTE, True), (121 * MINUTE, False)]
)
def test_it_comes_at_its_time_and_at_most_two_hours_late(remind, after, comes):
    remind()
    assert come(NINE + after) == ([TODAY] if comes else [])


def test_it_comes_late_also_over_midnight_and_is_about_the_day_it_was_meant_for(remind):
    remind(time(23, 30))
    assert come(NINE + timedelta(hours=4)) == [TODAY]


def test_before_the_persons_day_begins_it_is_about_the_day_before(remind, alice):
    alice.day_starts_at = time(4)
    remind(time(1))
    assert come(NINE + timedelta(hours=4)) == [TODAY]
    alice.day_starts_at = time(0)
    assert come(NINE + timedelta(hours=4)) == [TODAY + timedelta(days=1)]


def test_it_is_not_put_twice_for_one_day_also_not_where_the_clock_says_so_in_another_zone(remind, alice):
    remind().note_put(TODAY)
    db.session.expire_all()
    assert come(NINE + MINUTE) == []
    alice.time_zone = "America/Argentina/Buenos_Aires"
    db.session.flush()
    assert come(NINE + timedelta(hours=4)) == []
    assert come(NINE + timedelta(hours=28)) == [TODAY + timedelta(days=1)]


def test_what_was_due_before_it_was_made_is_not_made_up_for(remind):
    remind(holds_from=NINE + MINUTE)
    assert come(NINE + 2 * MINUTE) == []


def test_a_time_zone_that_is_unknown_here_keeps_nobody_else_waiting(remind, bob, caplog):
    remind()
    bob.time_zone = "Mars/Olympus_Mons"
    Reminders(bob).add(time(21), None, new_id(), "his").holds_from = NINE - MINUTE
    db.session.flush()
    assert come(NINE) == [TODAY]
    assert "The time zone Mars/Olympus_Mons is left out" in caplog.text


@pytest.mark.parametrize("change", ["disabled", "put away"])
def test_nobody_is_reminded_who_cannot_log_there(remind, alice, change):
    lunch = Meals(alice).all[1]
    remind(meal=lunch)
    if change == "disabled":
        alice.active = False
    else:
        lunch.archived_at = utc_now()
    db.session.flush()
    assert come(NINE) == []


@pytest.mark.parametrize(
    ("said", "whole_day", "at_lunch"),
    [
        ({}, False, False),
        ({"meal": "dinner"}, False, True),
        ({"planned": True}, True, True),
        ({"deleted_at": NINE}, True, True),
        ({"day": TODAY - timedelta(days=1)}, True, True),
    ],
)
def test_it_is_called_for_only_where_nothing_is_logged(remind, alice, said, whole_day, at_lunch):
    _breakfast, lunch, dinner, _snacks = Meals(alice).all
    about_day, about_lunch = remind(), remind(meal=lunch)
    meal = dinner if said.pop("meal", None) else lunch
    entry = Entry(user_id=alice.id, id=new_id(), meal_id=meal.id, **{"day": TODAY, **said})
    entry.say("Soup", {"energy_kcal": 100.0})
    db.session.add(entry)
    db.session.flush()

    called = [each.is_called_for(alice, TODAY, NINE) for each in (about_day, about_lunch)]
    assert called == [whole_day, at_lunch]
    assert not about_day.is_called_for(alice, TODAY, NINE + timedelta(hours=3))


def test_nobody_is_mailed_who_cannot_be_or_about_another_day(remind, alice):
    mine = remind()
    assert mine.is_called_for(alice, TODAY, NINE)
    assert not mine.is_called_for(alice, TODAY - timedelta(days=1), NINE)
    alice.active = False
    assert not mine.is_called_for(alice, TODAY, NINE)
    alice.active = True
    alice.set_email(f"alice@{NO_ADDRESS}")
    assert not mine.is_called_for(alice, TODAY, NINE)


@pytest.mark.parametrize(
    ("day", "at", "expected"),
    [
        # Clocks went forward from 02:00 to 03:00, which was at 01:00 UTC.
        (date(2026, 3, 29), time(2, 30), datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        # They went back from 03:00 to 02:00; 02:30 came first at 00:30 UTC.
        (date(2026, 10, 25), time(2, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (TODAY, time(21), NINE),
    ],
)
def test_a_time_that_is_not_there_comes_with_the_next_and_one_that_is_twice_comes_first(day, at, expected):
    assert moment_of(day, at, ZoneInfo("Europe/Madrid")) == expected


def test_where_clocks_skip_midnight_it_stays_on_its_day():
    # In Nuuk 23:00 was followed by 00:00 of the next day, at 01:00 UTC.
    nuuk, day = ZoneInfo("America/Nuuk"), date(2026, 3, 28)
    assert moment_of(day, time(23, 30), nuuk) == datetime(2026, 3, 29, 0, 59, tzinfo=UTC)


@pytest.mark.parametrize(("day", "at"), [(date(2026, 3, 29), time(2, 30)), (date(2026, 10, 25), time(2, 30))])
def test_it_comes_once_when_clocks_change(remind, day, at):
    reminder = remind(at, holds_from=datetime(2026, 1, 1, tzinfo=UTC))
    found = []
    for minute in range(0, 24 * 60, 10):
        for each, _user, about in Reminder.come(
            datetime(day.year, day.month, day.day, tzinfo=UTC) + minute * MINUTE
        ):
            each.note_put(about)
            db.session.refresh(reminder)
            found.append(about)
    assert found == [day]


def test_a_person_has_as_many_as_the_plan_has_room_for_and_each_form_makes_one(alice):
    form, most = new_id(), PLUS.limit("reminders")
    for _ in range(2):
        Reminders(alice).add(time(8), None, form, "the same")
    for hour in range(9, 8 + most):
        Reminders(alice).add(time(hour), None, new_id(), "another")
    with pytest.raises(LimitReached):
        Reminders(alice).add(time(20), None, new_id(), "one more")
    assert len(Reminders(alice).all) == most


def test_the_same_again_is_told_and_the_same_form_again_is_not(alice):
    form = new_id()
    for _ in range(2):
        Reminders(alice).add(time(8), None, form, "the same")
    Reminders(alice).add(time(8), Meals(alice).all[0], new_id(), "of a meal")
    with pytest.raises(SameReminder):
        Reminders(alice).add(time(8), None, new_id(), "another form")


def test_two_at_once_do_not_both_find_room(engine_name, make_app, password_hash):
    if engine_name != "postgresql":
        pytest.skip("a file is written by one at a time")
    with make_app().app_context():
        signup = Signup("Alice", "alice@example.org", "", "UTC")
        signup.password_hash = password_hash
        alice = signup.complete()
        db.session.commit()
        Reminders(alice).add(time(8), None, new_id(), "one")
        hers = select(User.id).where(User.id == alice.id).with_for_update(key_share=True)
        with Session(db.engine) as other, other.begin():
            other.execute(text("SET LOCAL lock_timeout = '100ms'"))
            with pytest.raises(OperationalError):
                other.execute(hers)


def test_in_a_database_that_came_back_it_holds_from_then_on_and_in_a_copy_no_more(remind, alice):
    remind(time(21))
    Reminder.begin_anew(db.session.connection())
    db.session.execute(update(Reminder).values(put_for=None))
    db.session.expire_all()
    assert come(NINE) == []
    Reminder.turn_all_off(db.session.connection())
    assert Reminders(alice).all == []
