"""What is mailed about a plan: once, in the person's language, and only while it is still so."""

from email import message_from_bytes, policy

import pytest
from plans import DAY, sell
from working import do_jobs

from caloria.extensions import db, settings
from caloria.models import Job, Subscription
from caloria.models.billing import Billing, SubscriptionSaid
from caloria.models.clock import utc_now

HERE = "https://food.example.org"


@pytest.fixture
def carol(app, monkeypatch, make_person):
    """Somebody who tries Plus for two and a half days more, and reads Spanish."""
    sell(monkeypatch)
    for name in ("public_url", "link_root"):
        monkeypatch.setattr(settings(), name, HERE)
    carol = make_person("Carol", language="es")
    Subscription.extend_trial(carol, utc_now() + 2.5 * DAY)
    db.session.commit()
    return carol


@pytest.fixture
def mails(app):
    """Every mail so far, as subject and text, once the work that is due is done."""

    def mails(*tasks: str) -> list[tuple[str, str]]:
        for each in tasks:
            Job.put(each)
        db.session.commit()
        do_jobs(app)
        found = settings().mail_outbox.glob("*.eml")
        read = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in found]
        return sorted((mail["Subject"], mail.get_content()) for mail in read)

    return mails


@pytest.fixture
def said(carol):
    """Have the provider say how Carol's subscription is now."""

    def said(status: str, **more) -> None:
        told = {"provider_id": "sub_1", "customer_id": "cus_1", "price_id": "price_month", "status": status}
        told |= {"amount_minor": 499, "currency": "EUR", "billed_per": "month", "canceled_at": None}
        told |= {"started_at": utc_now(), "paid_until": utc_now() + 9 * DAY, "cancel_at_period_end": False}
        billing, about = Billing(carol.id), SubscriptionSaid(**{**told, "past_due_since": None, **more})
        billing.take(about, billing.subscription("sub_1"))
        db.session.commit()

    return said


def test_a_trial_that_ends_in_three_days_is_told_of_once(app, mails, carol):
    found = [mails("trials_ending") for _ in range(2)]

    [(subject, text)] = found[1]
    assert found[0] == found[1]
    assert subject == "Tu prueba de Plus termina pronto"
    assert "Hola, Carol" in text
    assert f"{HERE}/subscription" in text
    assert str(carol.local_time(utc_now() + 2.5 * DAY).day) in text


@pytest.mark.parametrize("days", [1.9, 3.1])
def test_a_trial_that_ends_on_another_day_is_not(mails, carol, days):
    Subscription.extend_trial(carol, utc_now() + days * DAY)
    assert mails("trials_ending") == []


def test_nor_is_one_of_who_has_plus_anyway(mails, carol):
    Subscription.grant(carol, utc_now() + 90 * DAY)
    assert mails("trials_ending") == []


def test_a_payment_that_fails_and_a_cancellation_are_told_of_once_each(mails, said):
    said("active")
    assert mails() == []
    for _ in range(2):
        said("past_due", past_due_since=utc_now())
    assert [subject for subject, _text in mails()] == ["Un pago de Plus no ha llegado"]

    said("active")
    for _ in range(2):
        said("active", cancel_at_period_end=True)
    said("canceled", cancel_at_period_end=True, canceled_at=utc_now())
    assert [subject for subject, _text in mails()] == ["Plus está cancelado", "Un pago de Plus no ha llegado"]


def test_what_was_mended_before_the_mail_was_written_is_not_mailed(mails, said):
    said("active")
    said("past_due", past_due_since=utc_now())
    said("active", cancel_at_period_end=True)
    said("active")
    assert mails() == []


def test_a_subscription_that_never_began_is_not_mourned(mails, said):
    said("incomplete")
    said("canceled", canceled_at=utc_now())
    assert mails() == []
