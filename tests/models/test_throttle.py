from threading import Barrier, Thread

import pytest
from serving import Browser, gunicorn
from surroundings import PASSWORD

from caloria.extensions import db
from caloria.models import Throttle


def count(key="a key", limit=2) -> bool:
    exceeded = Throttle.is_exceeded({key: limit})
    db.session.commit()
    return exceeded


def test_as_many_as_the_limit_are_let_through(app):
    assert [count() for _ in range(4)] == [False, False, True, True]
    assert count("another key") is False


def test_any_of_several_limits_is_enough_and_each_is_counted(app):
    for _ in range(2):
        Throttle.is_exceeded({"few": 1, "many": 3})

    assert Throttle.is_exceeded({"few": 1, "many": 3}) is True
    assert Throttle.is_exceeded({"many": 3}) is True


def test_what_is_forgotten_counts_from_the_beginning(app):
    assert [count() for _ in range(3)] == [False, False, True]

    Throttle.forget("a key")

    assert count() is False


def test_two_apps_on_one_database_count_together(make_app):
    first = make_app()
    second = make_app(first.extensions["caloria_config"].database_url.render_as_string(False))

    said = []
    for app in (first, second, first, second):
        with app.app_context():
            said.append(count())

    assert said == [False, False, True, True]


def test_attempts_at_the_same_time_are_all_counted(make_app):
    app, together, said = make_app(), Barrier(8), []

    def attempt():
        together.wait(30)
        with app.app_context():
            said.append(Throttle.is_exceeded({"a": 5, "b": 100}))
            db.session.commit()

    threads = [Thread(target=attempt) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert sorted(said) == [False] * 5 + [True] * 3


@pytest.mark.slow
def test_tries_count_across_workers_and_survive_a_restart(make_database, migrated_url):
    url = make_database(copy_of=migrated_url)

    def attempt(port: int) -> int:
        form = {"email": "nobody@example.org", "password": PASSWORD}
        return Browser(port).post("/login", form, **{"X-Forwarded-For": "203.0.113.9"}).status

    with gunicorn(url, WEB_CONCURRENCY="2") as port:
        before = [attempt(port) for _ in range(8)]
    with gunicorn(url) as port:
        after = [attempt(port) for _ in range(3)]

    assert before + after == [422] * 10 + [429]
