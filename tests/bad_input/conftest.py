"""A cast with something of everything, and the means to send anything and see what it changed."""

from collections.abc import Callable
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date

import pytest
from flask.testing import FlaskClient as Client
from imported_files import zipped
from places import DIARY_FILE, Place
from sending import send
from sqlalchemy import delete, text

from caloria.extensions import db
from caloria.models import (
    Day,
    DiaryImport,
    FoodRequest,
    Measurement,
    PasswordReset,
    SavedMeal,
    Throttle,
    Weight,
)
from caloria.models.ids import id_from, new_id

DIARY_FILES = zipped({"diary.csv": DIARY_FILE, "weights.csv": b"Date,Weight,Hips\n1/2/2026,70,95\n"})
THE_DAY = date(2026, 11, 21)
# Every attempt is counted, and what was tried in vain is noted.
NOT_COMPARED = {"throttles", "audit_events"}


@pytest.fixture
def cast(alice, bob, ada, make_food):
    """What the words in braces of a place stand for, with what is Bob's under bobs_."""
    food = make_food("Oats, dry", [("cup", 80)], energy_kcal=380)
    found = {"food": food.id, "portion": food.portions[0].id}
    for prefix, person in (("", alice), ("bobs_", bob)):
        day = Day(person, THE_DAY)
        meal = day.meals[0].meal
        own = make_food(f"{person.name}'s bread", [("slice", 40)], owner=person, energy_kcal=250)
        entry = day.log(food, food.portions[0], 1, meal, new_id(), "a form")
        quick = day.log_quick("Quick", {"energy_kcal": 100.0}, meal, new_id(), "another form")
        found |= {f"{prefix}own_food": own.id, f"{prefix}entry": entry.id, f"{prefix}quick": quick.id}
        saved = SavedMeal.keep(day, meal, "Saved", new_id(), "a third form")
        found |= {f"{prefix}saved_meal": saved.id, f"{prefix}saved_item": id_from(saved.id, 1)}
        upload = DiaryImport.keep(person, "diary.zip", DIARY_FILES, new_id())
        found[f"{prefix}upload"] = upload.id
        found |= {
            f"{prefix}meal": meal.id,
            f"{prefix}portion": own.portions[0].id,
            f"{prefix}user": person.id,
            f"{prefix}measurement": Measurement.log(person, "Waist", "cm", 84, new_id(), "a fifth form").id,
            f"{prefix}weight": Weight.log(person, THE_DAY, 71.5, new_id(), "a fourth form").id,
        }
    asked = FoodRequest(user_id=alice.id, title="Soup", state="in_progress", owner_id=ada.id)
    waiting = FoodRequest(user_id=alice.id, title="Bread")
    said = {"title": "Oats", "about_id": food.id, "state": "in_progress", "owner_id": ada.id}
    wrong = FoodRequest(user_id=alice.id, **said)
    db.session.add_all([asked, waiting, wrong])
    found["other_food"] = make_food("Oats", energy_kcal=381).id
    token = PasswordReset.begin(alice)
    db.session.commit()
    found |= {"asked": asked.id, "waiting": waiting.id, "wrong": wrong.id}
    return {**found, "portion": food.portions[0].id, "token": token, "new": new_id()}


@pytest.fixture
def browser_for(app, sign_in, alice, ada):
    """The browser that a place's form is sent from."""

    def browser(place):
        alice.units = "us" if place.us_units else "metric"
        db.session.commit()
        return app.test_client() if place.visitor else sign_in(ada if place.admin else alice)

    return browser


@dataclass
class Sent:
    """A form of a place that is sent in one bad way after another, each time as if for the first time."""

    place: Place
    cast: dict
    browser: Client
    contents: Callable[[], list[str]]
    undone: Callable[[], AbstractContextManager]

    def __post_init__(self):
        self.address, self.good = self.place.filled_in(self.cast)
        self.browser.csrf_token()
        self.cookie = self.browser.get_cookie("caloria").value
        self.before = self.contents()

    @contextmanager
    def anew(self):
        """Nothing that was sent before was sent, and nothing that is sent in here will have been."""
        self.browser.set_cookie("caloria", self.cookie)
        with self.undone():
            yield

    def send(self, said: dict | list, rest: bytes = b""):
        return send(self.browser, self.address, said, rest, self.place.file)

    def assert_unchanged(self, *what) -> None:
        assert self.contents() == self.before, what


@pytest.fixture
def sent(cast, browser_for, contents, undone):
    return lambda place: Sent(place, cast, browser_for(place), contents, undone)


@pytest.fixture
def undone(app):
    """Undo at the end of a block whatever was done in it, commits and all."""

    @contextmanager
    def undone():
        connection = db._app_engines[app][None]
        nested = connection.begin_nested()
        try:
            yield
        finally:
            db.session.rollback()
            nested.rollback()

    return undone


def _row(table, engine_name: str) -> str:
    """What is a whole row in SQL, as one text."""
    if engine_name == "postgresql":
        return f"CAST({table.name} AS text)"
    return " || ',' || ".join(f"coalesce(CAST({column.name} AS text), '-')" for column in table.columns)


@pytest.fixture
def contents(app, engine_name):
    """Every row of every table, but for what is meant to change."""
    connection = db._app_engines[app][None]
    tables = [table for table in db.metadata.sorted_tables if table.name not in NOT_COMPARED]
    everything = " UNION ALL ".join(
        f"SELECT '{table.name} ' || {_row(table, engine_name)} FROM {table.name}" for table in tables
    )
    # Planned once: all of it is read thousands of times.
    statement = text(everything).execution_options(prepared_as="everything")
    return lambda: sorted(connection.execute(statement).scalars())


@pytest.fixture(autouse=True)
def nothing_is_throttled(app):
    """Let a test send as much as it likes: the counting is tested elsewhere."""
    db.session.execute(delete(Throttle))
    db.session.commit()
