from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from surroundings import PASSWORD

from caloria.extensions import db, settings
from caloria.models import Throttle
from caloria.models.clock import utc_now
from caloria.models.throttle import WINDOW

HERE, ELSEWHERE = "192.0.2.1", "198.51.100.7"


@pytest.fixture
def attempt(app, alice):
    def attempt(password="a wrong guess", address=HERE, email="alice@example.org", **headers) -> int:
        return (
            app.test_client()
            .post(
                "/login",
                data={"email": email, "password": password},
                environ_base={"REMOTE_ADDR": address},
                headers=headers,
            )
            .status_code
        )

    return attempt


def test_the_eleventh_try_is_turned_away_even_with_the_right_password(client, attempt):
    assert [attempt() for _ in range(11)] == [422] * 10 + [429]

    answer = client.post(
        "/login",
        data={"email": "ALICE@example.org", "password": PASSWORD},
        environ_base={"REMOTE_ADDR": HERE},
    )

    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "900"
    assert "try again in 15 minutes" in answer.text


def test_the_right_person_still_gets_in_from_another_address(attempt):
    for _ in range(11):
        attempt()

    assert attempt(PASSWORD, ELSEWHERE) == 303


def test_an_account_that_does_not_exist_is_guarded_as_one_that_does(attempt):
    answers = [attempt(email="nobody@example.org") for _ in range(11)]

    assert answers == [422] * 10 + [429]


def test_an_address_is_not_believed_because_a_header_says_so(attempt):
    assert settings().trusted_proxy_count == 0

    answers = [
        attempt(**{"X-Forwarded-For": f"203.0.113.{number}", "Forwarded": f"for=203.0.113.{number}"})
        for number in range(11)
    ]

    assert answers == [422] * 10 + [429]


def test_behind_one_proxy_the_address_it_saw_is_what_counts(make_app):
    browser = make_app(TRUSTED_PROXY_COUNT="1").test_client()

    def attempt(*seen: str) -> int:
        form = {"email": "alice@example.org", "password": "a wrong guess"}
        return browser.post("/login", data=form, headers={"X-Forwarded-For": ", ".join(seen)}).status_code

    answers = [attempt(f"203.0.113.{number}", HERE) for number in range(11)]
    assert answers == [422] * 10 + [429]
    assert attempt(ELSEWHERE) == 422


def test_after_signing_in_one_may_mistype_again(attempt):
    for _ in range(9):
        attempt()
    assert attempt(PASSWORD) == 303

    assert [attempt() for _ in range(11)] == [422] * 10 + [429]


def test_after_a_quarter_of_an_hour_one_may_try_again(attempt):
    for _ in range(11):
        attempt()

    db.session.execute(update(Throttle).values(since=utc_now() - WINDOW - timedelta(seconds=1)))
    db.session.commit()

    assert attempt(PASSWORD) == 303


@pytest.mark.parametrize(
    "other",
    [{"email": "bob@example.org"}, {"address": ELSEWHERE}],
    ids=["one account after the other", "from one address after the other"],
)
def test_guessing_round_about_is_stopped_after_a_hundred_tries(attempt, other):
    attempt()
    for tries, answer in ((99, 422), (100, 429)):
        db.session.execute(update(Throttle).values(attempts=tries))
        db.session.commit()
        assert attempt(**other) == answer

    assert attempt(email="carol@example.org", address="203.0.113.77") == 422


def test_windows_that_are_over_are_forgotten(attempt):
    attempt(email="nobody@example.org")
    db.session.execute(update(Throttle).values(since=utc_now() - WINDOW - timedelta(seconds=1)))
    db.session.commit()

    attempt()

    assert db.session.scalar(select(func.count()).select_from(Throttle)) == 4


def test_who_is_turned_away_costs_no_hash(attempt, alice):
    for _ in range(11):
        attempt()
    alice.password_hash = "nothing that could be verified"
    db.session.commit()

    assert attempt(PASSWORD) == 429


def test_no_address_of_a_person_or_a_machine_is_kept_in_words(attempt):
    attempt()

    kept = " ".join(db.session.scalars(select(Throttle.key)))

    assert "alice" not in kept
    assert HERE not in kept
