"""Many at the same time, a database that goes away, and a worker that is killed: nobody is charged twice."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest
from _payments.app import SECRET
from _payments.webhooks import body_of, signature
from clusters import execute
from provider import end_trials, send
from proxy import Proxy
from serving import server, wait_for
from sqlalchemy import select, text
from surroundings import PASSWORD

from caloria.extensions import db
from caloria.integrations import payments
from caloria.integrations.payments import Urls
from caloria.models import Payment, PaymentCall, PaymentEvent, Signup, Subscription, User

BACK = Urls("http://localhost/subscription", "http://localhost/subscription")
POINTS = range(1, 11)
A_MEAL = "INSERT INTO meals (user_id, id, name, position) VALUES (:user, gen_random_uuid(), 'Tea', 9)"
SENT = ("customer.subscription.", "invoice.paid")


def sign_up(name: str, password_hash: str) -> User:
    signup = Signup(name, f"{name.lower()}@example.org", PASSWORD, "UTC")
    signup.password_hash = password_hash
    person = signup.complete()
    end_trials()
    return person


def newest(provider, kind: str) -> dict:
    return [event for event in provider.events if event["type"] == kind][-1]


@pytest.fixture
def carol(paying_app, password_hash):
    with paying_app.app_context():
        yield sign_up("Carol", password_hash)
        db.session.remove()


def test_the_same_event_fifty_times_at_once_is_one_payment(paying_app, carol, provider):
    provider.buy(carol)
    event = newest(provider, "invoice.paid")
    written = []

    def write(_request):
        """While the provider thinks, the diary of the person goes on."""
        if not written:
            written.append(True)
            with db.engine.begin() as other:
                other.execute(text("SET LOCAL lock_timeout = '2s'"))
                other.execute(text(A_MEAL), {"user": carol.id})

    def write_here(request):
        with paying_app.app_context():
            write(request)

    provider.trouble.before = write_here
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: send(paying_app.test_client(), event).text, range(50)))
    assert Counter(answers) == {"processed": 1, "duplicate": 49}
    assert [(row.kind, row.amount_minor) for row in db.session.scalars(select(Payment))] == [("payment", 499)]
    assert written == [True]


def test_the_key_is_stored_for_good_before_anything_is_asked(paying_app, carol, provider):
    known = []

    def look(request):
        if request.method == "POST":
            with paying_app.app_context():
                keys = db.session.scalars(select(PaymentCall.idempotency_key)).all()
            known.append(request.headers["Idempotency-Key"] in keys)

    provider.trouble.before = look
    payments.checkout(carol, "month", BACK)
    assert known == [True, True]


def test_two_checkouts_at_once_end_in_one_subscription(paying_app, carol, provider):
    def open_page(interval: str) -> str:
        with paying_app.app_context():
            return payments.checkout(db.session.get(User, carol.id), interval, BACK)

    with ThreadPoolExecutor(4) as pool:
        pages = set(pool.map(open_page, ["month"] * 4))
    assert len(pages) == len(provider.world.all("customer")) == 1
    # Two devices, on both of which somebody pays in the same moment.
    provider.complete(pages.pop())
    provider.buy(carol, "year")
    sent = [
        event
        for event in provider.events
        if "subscription" in event["type"] or event["type"] == "invoice.paid"
    ]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda event: send(paying_app.test_client(), event).status_code, sent))
    assert set(answers) == {200}
    states = sorted(row.status for row in db.session.scalars(select(Subscription)))
    assert states == ["active", "canceled"]


def test_an_event_is_heard_once_the_database_is_back(
    make_app, make_database, migrated_url, told, provider, password_hash
):
    way = Proxy(make_database(copy_of=migrated_url))
    app = make_app(way.url, **told)
    with app.app_context():
        provider.buy(sign_up("Carol", password_hash))
    event = newest(provider, "invoice.paid")
    way.cut()
    assert send(app.test_client(), event).status_code == 503
    way.mend()
    assert send(app.test_client(), event).text == "processed"
    with app.app_context():
        assert [row.attempts for row in db.session.scalars(select(PaymentEvent))] == [1]


def post(port: int, event: dict) -> int | None:
    """The answer, or None where there was none."""
    body = body_of(event)
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Stripe-Signature": signature(body, SECRET), "Host": "localhost"}
    try:
        connection.request("POST", "/webhooks/stripe", body, headers)
        return connection.getresponse().status
    except (OSError, HTTPException):
        return None
    finally:
        connection.close()


def test_a_worker_killed_at_any_point_leaves_nothing_by_half(
    paying_app, told, provider, password_hash, tmp_path, make_database
):
    killer = tmp_path / "killed at"
    more = {"PYTHONPATH": str(Path(__file__).with_name("killing")), "CALORIA_KILLED_BY": str(killer)}
    url = paying_app.extensions["caloria_config"].database_url.render_as_string(False)
    with paying_app.app_context():
        people = [sign_up(f"Carol{point}", password_hash) for point in POINTS]
    with server(url, WEB_CONCURRENCY="2", **told, **more) as served:
        for point, person in zip(POINTS, people, strict=True):
            provider.buy(person)
            event = newest(provider, "invoice.paid")
            workers = served.workers
            killer.write_text(str(point))
            assert post(served.port, event) is None
            assert not killer.exists()
            assert execute(url, f"SELECT 1 FROM payments WHERE user_id = '{person.id}'") == []
            assert post_again(served.port, event) == 200
            wait_for(lambda before=workers: set(served.workers) != set(before) and len(served.workers) == 2)
    kept = execute(url, "SELECT kind, amount_minor, count(*) FROM payments GROUP BY 1, 2")
    assert kept == [("payment", 499, len(POINTS))]
    assert execute(url, "SELECT DISTINCT state, attempts FROM payment_events") == [("processed", 1)]
    assert execute(url, "SELECT status, count(*) FROM subscriptions GROUP BY 1") == [("active", len(POINTS))]


def post_again(port: int, event: dict) -> int:
    """As the provider does, until there is an answer."""
    answers = []
    wait_for(lambda: answers.append(post(port, event)) or answers[-1] == 200)
    return answers[-1]
