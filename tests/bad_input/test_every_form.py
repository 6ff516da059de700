"""Each form sent in a way in which no page of ours sends it."""

import json
from datetime import date
from io import BytesIO

import pytest
from markupsafe import escape
from places import PLACES, fields
from sqlalchemy import select
from values import VALUES

from caloria.extensions import db
from caloria.forms.fields import PasswordField
from caloria.models import Entry, Food, User

MAY_BE_EMPTY = "/targets/body"
THE_DAY = date(2026, 11, 21)
TEN_MEGABYTES = b"x" * 10_485_760


def the_good_values_are_good(form):
    assert form.send(form.good).status_code == 303


def a_wrong_token_gives_the_text_back(form):
    for token in ("", "wrong", "IjAwMCI.aaaa.bbbb", "\N{KIWIFRUIT}"):
        answer = form.browser.post(form.address, data={"csrf_token": token, **form.good})

        assert answer.status_code == 422, token
        form.assert_unchanged(token)
        for name, kind in fields(form.place.form).items():
            if form.good.get(name) and not issubclass(kind, PasswordField):
                assert f'value="{escape(form.good[name])}"' in answer.text, token


def a_wrong_method_is_a_405(form):
    for method in ("PUT", "PATCH", "DELETE", "TRACE", "BREW"):
        answer = form.browser.open(form.address, method=method, data=form.good)

        assert answer.status_code == 405, method
        assert "POST" in answer.headers["Allow"], method
    form.assert_unchanged()


def json_is_no_form(form):
    for body in (
        json.dumps(form.good),
        json.dumps({name: [1, {}] for name in form.good}),
        "[1]",
        "{",
        "5",
        '"\\ud800"',
    ):
        for headers in ({}, {"X-CSRFToken": form.browser.csrf_token()}):
            answer = form.browser.post(
                form.address, data=body, csrf=False, content_type="application/json", headers=headers
            )
            if form.place.address != MAY_BE_EMPTY:
                assert answer.status_code in (404, 422), (body, headers)
                form.assert_unchanged(body, headers)


def a_form_without_its_fields_changes_nothing(form):
    answer = form.browser.post(form.address, csrf=False, headers={"X-CSRFToken": form.browser.csrf_token()})

    if form.place.address != MAY_BE_EMPTY:
        assert answer.status_code in (404, 422)
        form.assert_unchanged()


def half_a_file_is_none(form):
    answer = form.browser.post(
        form.address, data=b"--x\r\nno parts", csrf=False, content_type="multipart/form-data; boundary=x"
    )
    assert answer.status_code == 422
    form.assert_unchanged()


def what_the_form_does_not_ask_is_not_heard(form):
    plot = {
        "user_id": form.cast["bobs_user"],
        "owner_id": form.cast["bobs_user"],
        "is_admin": "1",
        "active": "0",
        "created_at": "2001-01-01",
        "deleted_at": "2001-01-01",
        "form_digest": "x",
        "source": "usda",
        "password_hash": "x",
        "day": "1999-01-01",
    }

    answer = form.send({**form.good, **plot})

    assert answer.status_code == 303
    assert_nothing_of(plot)


def assert_nothing_of(plot: dict) -> None:
    for person in db.session.scalars(select(User)):
        db.session.refresh(person)
        assert (person.is_admin, person.active) == (person.name == "Ada", True)
        assert person.password_hash.startswith("$argon2id$")
    # A file that is imported says its own.
    assert set(db.session.scalars(select(Entry.day).distinct())) - {date(2026, 1, 2)} == {THE_DAY}
    assert (
        "Rye bread" not in db.session.scalars(select(Food.name).where(Food.owner_id == plot["user_id"])).all()
    )


WAYS = (
    the_good_values_are_good,
    a_wrong_token_gives_the_text_back,
    a_wrong_method_is_a_405,
    json_is_no_form,
    a_form_without_its_fields_changes_nothing,
    half_a_file_is_none,
    what_the_form_does_not_ask_is_not_heard,
)


def a_file_is_no_text(form, name):
    sent = {**form.good, name: (BytesIO(b"PK\x03\x04"), "../../photo.exe")}
    answer = form.browser.post(form.address, data=sent)
    if answer.status_code != 303:
        form.assert_unchanged(name)
    assert answer.status_code in (303, 404, 422), name


def ten_megabytes_are_too_much(form, name):
    answer = form.send(form.good, f"&{name}=".encode() + TEN_MEGABYTES)

    assert answer.status_code == 413, name
    assert "That was more than we can take" in answer.text
    form.assert_unchanged(name)


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_a_form_is_answered_however_it_is_sent(place, sent):
    form = sent(place)
    for way in WAYS:
        with form.anew():
            way(form)
    for name in fields(place.form):
        for way in (a_file_is_no_text, ten_megabytes_are_too_much):
            with form.anew():
                way(form, name)


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_a_field_sent_twice_breaks_nothing(place, sent):
    form = sent(place)
    for number, name in enumerate(fields(place.form)):
        # Which comes second is all the same to most fields: each hears two of these.
        others = ("a NUL", "NaN", "emoji", "year 1")
        for second in (form.good.get(name, ""), *map(VALUES.get, others[number % 2 :: 2])):
            for pairs in ([*form.good.items(), (name, second)], [(name, second), *form.good.items()]):
                with form.anew():
                    answer = form.send(pairs)
                    assert answer.status_code in (303, 404, 422), (name, second)
                    if answer.status_code != 303:
                        form.assert_unchanged(name, second)


@pytest.mark.parametrize("place", [place for place in PLACES if "id" in place.good], ids=str)
def test_an_id_that_is_somebody_elses_reaches_nothing_of_theirs(place, sent, cast):
    form = sent(place)
    for stolen in (name for name in cast if name.startswith("bobs_")):
        with form.anew():
            answer = form.send({**form.good, "id": cast[stolen]})
            assert answer.status_code in (303, 422), stolen
            if answer.status_code == 422:
                form.assert_unchanged(stolen)
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
