"""Reminders: asked for on a page, mailed once, and off with one click from wherever the mail is read."""

import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from html import unescape

import pytest
from flask_babel import force_locale
from sqlalchemy import select, update
from working import do_jobs

from caloria.extensions import db, settings
from caloria.filters.dates import day_words
from caloria.jobs.reminders import subject
from caloria.models import Job, Meals, Reminder, Reminders
from caloria.models.clock import utc_now
from caloria.models.ids import new_id
from caloria.models.server import the_time

HERE = "https://food.example.org"


@pytest.fixture
def mails(app, monkeypatch):
    """What was mailed, once the minute's work is done."""
    monkeypatch.setattr(settings(), "public_url", HERE)
    monkeypatch.setattr(settings(), "link_root", HERE)

    def mails() -> list:
        Job.put("reminders")
        db.session.commit()
        do_jobs(app)
        found = sorted(settings().mail_outbox.glob("*.eml"))
        return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in found]

    return mails


@pytest.fixture
def reminder(alice, sign_in) -> Reminder:
    """One whose time has come just now, made yesterday."""
    alice.name, alice.language = "Alicia", "es"
    at = (alice.local_time(the_time()) - timedelta(minutes=1)).strftime("%H:%M")
    form = {"id": new_id(), "at": at, "meal_id": ""}
    assert sign_in(alice).post("/account/reminders", data=form).status_code == 303
    db.session.execute(update(Reminder).values(holds_from=datetime(2026, 1, 1, tzinfo=UTC)))
    db.session.commit()
    db.session.expire_all()
    return db.session.scalar(select(Reminder))


def words_of(answer) -> str:
    return " ".join(unescape(re.sub("<[^>]+>", " ", answer.text)).split())


def link_off(mail) -> str:
    return mail["List-Unsubscribe"].removeprefix(f"<{HERE}").removesuffix(">")


def test_the_mail_speaks_the_persons_language_leads_to_the_day_and_comes_once(mails, alice, reminder):
    assert len(mails()) == 1
    db.session.execute(update(Reminder).values(put_for=None))  # as another worker still saw it
    [mail] = mails()

    text, day = mail.get_content(), alice.today(the_time() - timedelta(minutes=1))
    assert (mail["To"], mail["Auto-Submitted"]) == ("alice@example.org", "auto-generated")
    assert "Hola, Alicia" in text
    assert f"{HERE}/diary/{day}" in text
    assert f"{HERE}{link_off(mail)}" in text
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize(
    ("over", "whole_day", "dinner"),
    [
        (False, "El día de hoy sigue vacío", "Dinner sigue vacío hoy"),
        (True, "Tu diario del {day} sigue vacío", "Dinner del {day} sigue vacío"),
    ],
)
def test_the_subject_names_the_day_where_it_is_over(app, alice, over, whole_day, dinner):
    about = utc_now().date()
    today = about + timedelta(days=over)
    reminders = (Reminder(), Reminder(meal=Meals(alice).all[2]))
    with app.test_request_context(), force_locale("es"):
        day = day_words(about)
        found = [subject(each, about, today) for each in reminders]
    assert found == [whole_day.format(day=day), dinner.format(day=day)]


def test_a_name_that_breaks_lines_is_refused_and_one_of_before_is_mailed_in_one_line(
    mails, alice, reminder, sign_in
):
    lunch = Meals(alice).all[1]
    answer = sign_in(alice).post(f"/meals/{lunch.id}", data={"name": "a\u2028b\u2029c"})
    assert answer.status_code == 422
    lunch.name = "a\u2028b\u2029c"
    db.session.execute(update(Reminder).values(meal_id=lunch.id))
    db.session.commit()
    [mail] = mails()
    assert "a b c" in mail["Subject"]


def test_who_logged_something_meanwhile_is_not_mailed(mails, alice, reminder, sign_in):
    browser = sign_in(alice)
    day = alice.today(the_time() - timedelta(minutes=1))
    meal_id = Meals(alice).all[0].id
    form = {"id": new_id(), "name": "Soup", "energy_kcal": "155", "meal_id": meal_id}
    assert browser.post(f"/diary/{day}/quick-entries", data=form).status_code == 303

    assert mails() == []


def test_it_is_off_with_one_click_without_signing_in_and_twice(app, mails, reminder):
    link = link_off(mails()[0])
    program = app.test_client()

    assert "Turn it off" in words_of(program.get(link))
    assert db.session.scalars(select(Reminder)).all() != []
    for _ in range(2):
        answer = program.post(link, data={"List-Unsubscribe": "One-Click"}, csrf=False)
        assert (answer.status_code, "The reminder is off" in words_of(answer)) == (200, True)
    assert db.session.scalars(select(Reminder)).all() == []


def test_a_link_that_was_not_signed_here_turns_nothing_off(app, mails, reminder):
    link = link_off(mails()[0])
    path, _, token = link.rpartition("/")
    other = "A" if token[5] != "A" else "B"
    for forged in (token[:5] + other + token[6:], token + "x", token.partition(".")[0], "%00"):
        assert app.test_client().get(f"{path}/{forged}").status_code == 404
        assert app.test_client().post(f"{path}/{forged}", csrf=False).status_code == 404
    assert app.test_client().get(f"/password/reset/{token}").status_code == 404
    assert len(db.session.scalars(select(Reminder)).all()) == 1


def test_reminders_are_added_shown_and_turned_off_by_their_owner_alone(sign_in, alice, bob, reminder):
    shown = words_of(sign_in(alice).get("/account/reminders"))
    assert f"{reminder.at:%H:%M}" in shown

    assert sign_in(bob).post(f"/account/reminders/{reminder.id}/delete").status_code == 404
    assert len(Reminders(alice).all) == 1
    sign_in(alice).post(f"/account/reminders/{reminder.id}/delete")
    assert Reminders(alice).all == []


@pytest.mark.parametrize("setting", ["mail_outbox", "link_root"])
def test_where_mail_cannot_be_sent_the_page_promises_nothing(sign_in, alice, monkeypatch, setting):
    monkeypatch.setattr(settings(), setting, None)
    browser = sign_in(alice)
    assert "cannot send mail yet" in words_of(browser.get("/account/reminders"))
    form = {"id": new_id(), "at": "08:00", "meal_id": ""}
    assert browser.post("/account/reminders", data=form).status_code == 422
    assert Reminders(alice).all == []


def test_the_same_reminder_again_is_refused_with_a_sentence_and_what_was_chosen(sign_in, alice):
    browser, lunch = sign_in(alice), Meals(alice).all[1].id
    answers = [
        browser.post("/account/reminders", data={"id": new_id(), "at": "08:17", "meal_id": lunch})
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [303, 422]
    assert "at that time already" in words_of(answers[1])
    assert 'value="08:17"' in answers[1].text
    assert re.search(f'<option selected[^>]*value="{lunch}"', answers[1].text)


def test_more_than_there_is_room_for_are_refused_with_a_sentence(sign_in, alice):
    browser = sign_in(alice)
    answers = [
        browser.post("/account/reminders", data={"id": new_id(), "at": f"{hour:02}:00", "meal_id": ""})
        for hour in range(8, 19)
    ]
    assert [answer.status_code for answer in answers] == [303] * 10 + [422]
    assert "There is room for 10 reminders" in words_of(answers[-1])
