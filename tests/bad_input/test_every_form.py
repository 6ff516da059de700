"""Each form sent in a way in which no page of ours sends it."""

import json
from datetime import date
from io import BytesIO

import pytest
from markupsafe import escape
from places import PLACES, fields
from sending import send
from sqlalchemy import select
from values import VALUES

from caloria.extensions import db
from caloria.forms.fields import PasswordField
from caloria.models import Entry, Food, User

EVERY_PLACE = pytest.mark.parametrize("place", PLACES, ids=str)
MAY_BE_EMPTY = "/targets/body"
THE_DAY = date(2026, 11, 21)


@pytest.fixture
def form(cast, browser_for):
    """The browser, the address and what is good to say, for a place."""
    return lambda place: (browser_for(place), *place.filled_in(cast))


@EVERY_PLACE
def test_a_wrong_token_gives_the_text_back(place, form, contents):
    browser, address, good = form(place)
    before = contents()
    for token in ("", "wrong", "IjAwMCI.aaaa.bbbb", "\N{KIWIFRUIT}"):
        answer = browser.post(address, data={"csrf_token": token, **good})

        assert answer.status_code == 422, token
        assert contents() == before, token
        for name, kind in fields(place.form).items():
            if good.get(name) and not issubclass(kind, PasswordField):
                assert f'value="{escape(good[name])}"' in answer.text, token


@EVERY_PLACE
def test_a_wrong_method_is_a_405(place, form, contents):
    browser, address, good = form(place)
    before = contents()
    for method in ("PUT", "PATCH", "DELETE", "TRACE", "BREW"):
        answer = browser.open(address, method=method, data=good)

        assert answer.status_code == 405, method
        assert "POST" in answer.headers["Allow"], method
    assert contents() == before


@EVERY_PLACE
def test_json_is_not_a_form(place, form, contents):
    browser, address, good = form(place)
    before = contents()
    for body in (
        json.dumps(good),
        json.dumps({name: [1, {}] for name in good}),
        "[1]",
        "{",
        "5",
        '"\\ud800"',
    ):
        for headers in ({}, {"X-CSRFToken": browser.csrf_token()}):
            answer = browser.post(
                address, data=body, csrf=False, content_type="application/json", headers=headers
            )
            if place.address != MAY_BE_EMPTY:
                assert answer.status_code in (404, 422), (body, headers)
                assert contents() == before


@EVERY_PLACE
def test_a_form_without_its_fields_changes_nothing(place, form, contents):
    browser, address, _ = form(place)
    before = contents()

    answer = browser.post(address, csrf=False, headers={"X-CSRFToken": browser.csrf_token()})

    if place.address != MAY_BE_EMPTY:
        assert answer.status_code in (404, 422)
        assert contents() == before


@EVERY_PLACE
def test_a_file_is_no_text(place, form, contents):
    browser, address, good = form(place)
    before = contents()
    for name in fields(place.form):
        sent = {**good, name: (BytesIO(b"PK\x03\x04"), "../../photo.exe")}
        answer = browser.post(address, data=sent)
        if answer.status_code == 303:
            before = contents()
        assert answer.status_code in (303, 404, 422), name
    answer = browser.post(
        address, data=b"--x\r\nno parts", csrf=False, content_type="multipart/form-data; boundary=x"
    )
    assert answer.status_code == 422
    assert contents() == before


@EVERY_PLACE
def test_a_field_sent_twice_breaks_nothing(place, form, undone, contents):
    browser, address, good = form(place)
    before = contents()
    browser.csrf_token()
    cookie = browser.get_cookie("caloria").value
    for number, name in enumerate(fields(place.form)):
        # Which comes second is all the same to most fields: each hears two of these.
        others = ("a NUL", "NaN", "emoji", "year 1")
        for second in (good.get(name, ""), *map(VALUES.get, others[number % 2 :: 2])):
            for pairs in ([*good.items(), (name, second)], [(name, second), *good.items()]):
                browser.set_cookie("caloria", cookie)
                with undone():
                    answer = send(browser, address, pairs)
                    assert answer.status_code in (303, 404, 422), (name, second)
                    if answer.status_code != 303:
                        assert contents() == before


@EVERY_PLACE
def test_what_the_form_does_not_ask_is_not_heard(place, form, cast, undone):
    browser, address, good = form(place)
    plot = {
        "user_id": cast["bobs_user"],
        "owner_id": cast["bobs_user"],
        "is_admin": "1",
        "active": "0",
        "created_at": "2001-01-01",
        "deleted_at": "2001-01-01",
        "form_digest": "x",
        "source": "usda",
        "password_hash": "x",
        "day": "1999-01-01",
    }

    answer = send(browser, address, {**good, **plot})

    assert answer.status_code == 303
    assert_nothing_of(plot)


def assert_nothing_of(plot: dict) -> None:
    for person in db.session.scalars(select(User)):
        db.session.refresh(person)
        assert (person.is_admin, person.active) == (person.name == "Ada", True)
        assert person.password_hash.startswith("$argon2id$")
    assert set(db.session.scalars(select(Entry.day).distinct())) == {THE_DAY}
    assert (
        "Rye bread" not in db.session.scalars(select(Food.name).where(Food.owner_id == plot["user_id"])).all()
    )


@pytest.mark.parametrize("place", [place for place in PLACES if "id" in place.good], ids=str)
def test_an_id_that_is_somebody_elses_reaches_nothing_of_theirs(place, form, cast, undone, contents):
    browser, address, good = form(place)
    before = contents()
    for stolen in (name for name in cast if name.startswith("bobs_")):
        with undone():
            answer = send(browser, address, {**good, "id": cast[stolen]})
            assert answer.status_code in (303, 422), stolen
            if answer.status_code == 422:
                assert contents() == before
            if (place.address, stolen) == ("/foods", "bobs_own_food"):
                assert answer.status_code == 422
            assert_bobs_own(cast)


def assert_bobs_own(cast) -> None:
    bob = cast["bobs_user"]
    for key, model, name in (
        (bob, User, "Bob"),
        (cast["bobs_own_food"], Food, "Bob's bread"),
        ((bob, cast["bobs_entry"]), Entry, "Oats, dry"),
        ((bob, cast["bobs_quick"]), Entry, "Quick"),
    ):
        assert db.session.get(model, key, populate_existing=True).name == name
