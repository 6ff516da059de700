"""Choosing a password and changing it."""

import pytest
from surroundings import PASSWORD

from caloria.extensions import db
from caloria.models import passwords

ANOTHER = "another good password"


@pytest.fixture
def alices(sign_in, alice):
    return sign_in(alice)


def change(browser, password=ANOTHER, current=PASSWORD):
    return browser.post("/password/change", data={"current_password": current, "password": password})


def opens(person, password: str) -> bool:
    db.session.refresh(person)
    return passwords.matches(person.password_hash, password)


def test_a_changed_password_is_the_one_that_signs_in(alices, app, alice):
    response = change(alices)

    assert (response.status_code, response.location) == (303, "/account")
    assert "Your password is changed" in alices.get("/account").text
    answers = [
        app.test_client().post("/login", data={"email": alice.email, "password": password}).status_code
        for password in (PASSWORD, ANOTHER)
    ]
    assert answers == [422, 303]


@pytest.mark.parametrize("current", ["", "not the present one", PASSWORD.upper(), PASSWORD + " "])
def test_changing_takes_the_present_password(alices, alice, current):
    response = change(alices, current=current)

    assert response.status_code == 422
    assert opens(alice, PASSWORD)


def test_guessing_the_present_password_is_stopped_after_ten_tries(alices, alice):
    answers = [change(alices, current=f"guess number {number}") for number in range(11)]

    assert [answer.status_code for answer in answers] == [422] * 10 + [429]
    assert answers[-1].headers["Retry-After"] == "900"
    assert change(alices).status_code == 429
    assert opens(alice, PASSWORD)


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("", "Please write your password"),
        ("seven77", "at least 8 characters"),
        ("password1", "tried first"),
        ("PASSWORD1", "tried first"),
        ("qwertyuiop", "tried first"),
        ("x" * 257, "up to 256 characters"),
        ("with a \0 in it", "cannot be shown"),
    ],
)
def test_a_password_that_is_no_protection_is_refused(alices, alice, password, sentence):
    response = change(alices, password)

    assert response.status_code == 422
    assert sentence in response.text
    assert opens(alice, PASSWORD)


@pytest.mark.parametrize(
    "password",
    ["plain words", "x" * 64, "pÄsswörter über alles", "🥝🥝🥝🥝🥝🥝🥝🥝", " edge blanks ", "{{7*7}} %s \\"],
)
def test_any_other_password_is_taken_as_it_is(alices, alice, password):
    assert change(alices, password).status_code == 303
    assert opens(alice, password)
    assert not opens(alice, password.strip() + "x")


def test_every_character_of_a_long_password_counts(alices, alice):
    change(alices, "x" * 72 + "y")

    assert opens(alice, "x" * 72 + "y")
    assert not opens(alice, "x" * 72)
    assert not opens(alice, "x" * 72 + "z")


def test_no_page_ever_shows_a_password(alices):
    response = change(alices, "seven77", current="a wrong present one")

    assert "seven77" not in response.text
    assert "a wrong present one" not in response.text
    old = alices.post(
        "/password/change", data={"current_password": PASSWORD, "password": ANOTHER}, csrf=False
    )
    assert old.status_code == 422
    assert ANOTHER not in old.text
    assert PASSWORD not in old.text


def test_a_megabyte_is_no_password(alices, alice):
    assert change(alices, "x" * 1_000_000).status_code == 422
    assert change(alices, current="x" * 1_000_000).status_code == 422
    assert change(alices, "x" * 1_100_000).status_code == 413
    assert opens(alice, PASSWORD)
