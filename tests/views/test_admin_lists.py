"""Subscriptions, payments, what the provider told, the audit and the database, as an admin reads them."""

from datetime import timedelta

import pytest
from pages import Page
from plans import sell
from sqlalchemy import select, text

from caloria.extensions import db
from caloria.models import AuditEvent, Payment, PaymentEvent, Subscription
from caloria.models.clock import utc_now
from caloria.models.database_sizes import without_values
from caloria.models.ids import new_id


@pytest.fixture
def admin(sign_in, ada):
    return sign_in(ada)


@pytest.fixture
def told(bob) -> list[PaymentEvent]:
    """Three events of Bob's, each of which ended otherwise; and one of somebody else's."""
    now = utc_now()
    events = [
        PaymentEvent(
            provider="stripe",
            event_id=f"evt_{state}",
            type="invoice.paid",
            object_id="in_1",
            customer_id=customer,
            livemode=False,
            occurred_at=now - timedelta(hours=hours),
            state=state,
            attempts=hours + 1,
            error=error,
        )
        for hours, (state, customer, error) in enumerate(
            [
                ("processed", "cus_bob", None),
                ("failed", "cus_bob", "ReadTimeout"),
                ("ignored", "cus_bob", None),
                ("unmatched", "cus_other", None),
            ]
        )
    ]
    db.session.add_all(events)
    db.session.commit()
    return events


def shown(admin, address: str) -> str:
    return Page(admin.get(address)).words


def test_subscriptions_are_shown_by_their_state_with_who_has_them(admin, alice, bob):
    now = utc_now()
    for person, status in ((alice, "past_due"), (bob, "active")):
        said = {"provider": "stripe", "provider_id": f"sub_{status}", "started_at": now, "billed_per": "year"}
        db.session.add(
            Subscription(user_id=person.id, status=status, amount_minor=4990, currency="EUR", **said)
        )
    db.session.commit()

    words = shown(admin, "/admin/subscriptions?status=past_due")

    assert "alice@example.org stripe sub_past_due past due €49.90 a year no end" in words
    assert "bob@example.org" not in words
    assert "bob@example.org" in shown(admin, "/admin/subscriptions")


def test_the_ledger_shows_amounts_and_keeps_who_was_erased(admin, bob):
    gone = new_id()
    for user_id, kind in ((bob.id, "refund"), (gone, "payment")):
        said = {"provider": "stripe", "provider_id": f"in_{kind}", "invoice_number": f"CAL-{kind}"}
        db.session.add(
            Payment(
                user_id=user_id,
                kind=kind,
                amount_minor=123456,
                tax_minor=19,
                currency="EUR",
                at=utc_now(),
                **said,
            )
        )
    db.session.commit()

    assert f"erased: {gone} Paid €1,234.56 tax €0.19" in shown(admin, "/admin/payments?kind=payment")
    assert "bob@example.org Given back" in shown(admin, "/admin/payments?kind=refund")


def test_what_the_provider_told_of_a_person_is_shown_with_states_and_attempts(admin, told):
    words = shown(admin, "/admin/payments/events?customer=cus_bob")

    assert [words.count(f"evt_{each}, in_1") for each in ("processed", "failed", "ignored", "unmatched")] == [
        1,
        1,
        1,
        0,
    ]
    assert words.index("evt_processed") < words.index("evt_failed") < words.index("evt_ignored")
    assert "failed ReadTimeout 2" in words
    assert "evt_processed" not in shown(admin, "/admin/payments/events?state=failed")


def test_an_event_that_cannot_be_heard_again_stays_as_it_was_and_the_admin_is_told(admin, monkeypatch, told):
    replays = f"/admin/payments/events/{told[1].id}/replays"
    answer = admin.post(replays, follow_redirects=True)
    assert "cannot be asked now" in Page(answer).words or "could not be heard" in Page(answer).words

    sell(monkeypatch)
    answer = admin.post(replays, follow_redirects=True)
    assert "could not be heard" in Page(answer).words or "cannot be asked now" in Page(answer).words
    found = db.session.scalar(
        select(PaymentEvent).execution_options(populate_existing=True).where(PaymentEvent.id == told[1].id)
    )
    assert found.state in ("failed", "received")
    assert admin.post(f"/admin/payments/events/{new_id()}/replays").status_code == 404


def test_the_audit_says_who_did_what_and_what_it_changed(admin, ada):
    AuditEvent.note(
        "test",
        "thing 1",
        before={"name": "old", "password": "x"},
        after={"name": "new", "count": 0},
        actor=ada,
    )
    AuditEvent.note("test", "thing 2")
    db.session.commit()

    words = shown(admin, "/admin/audit?object=thing 1")

    assert f"test thing 1 user {ada.id}" in words
    assert "name old new password ••• count 0" in words
    assert "thing 2" not in words


def test_what_the_database_refuses_to_say_of_itself_is_unknown(admin):
    shown(admin, "/admin/database")  # how the queue stands is asked once a minute, on whatever page
    db.session.execute(text("ALTER TABLE servers RENAME TO servers_gone"))
    db.session.execute(text("ALTER TABLE foods RENAME TO foods_gone"))

    words = shown(admin, "/admin/database")

    assert "Foods unknown" in words
    assert "the list of servers could not be read" in words
    assert "Entries 0" in words, "nobody logged anything, and that is known"


def test_the_database_says_what_it_knows_of_its_size_and_work(admin, engine_name):
    words = shown(admin, "/admin/database")

    if engine_name == "sqlite":
        assert "unknown: SQLite does not say how large each is." in words
        assert "SQLite 3." in words
    else:
        assert "ix_entries_user_id_day" in words
        assert "CREATE EXTENSION pg_stat_statements" in words
        assert "PostgreSQL 1" in words
        assert " 0 MB" not in words, "the smallest table takes a page"


def test_a_slow_statement_is_shown_without_anybodys_words():
    said = "SELECT *  FROM u\n WHERE email_key = 'a@x.example' AND name = 'O''Brien' AND a > 41.5 AND id = $1"

    assert without_values(said) == "SELECT * FROM u WHERE email_key = … AND name = … AND a > … AND id = $1"
    assert without_values("CREATE ROLE ann PASSWORD 'secret'") == ""
