"""An admin finds people and does for them what an admin may: each act is noted, and no diary is shown."""

import io
import zipfile
from datetime import date, timedelta

import pytest
from pages import Page
from sqlalchemy import select
from working import do_jobs

from caloria.extensions import db
from caloria.models import AuditEvent, Day, Session, Subscription, User
from caloria.models.clock import utc_now
from caloria.models.ids import new_id


@pytest.fixture
def admin(sign_in, ada):
    return sign_in(ada)


def noted(person) -> list[tuple[str, str]]:
    """What was noted of a person, and by whom."""
    events = select(AuditEvent.act, AuditEvent.actor).where(AuditEvent.object == f"user {person.id}")
    return [tuple(row) for row in db.session.execute(events.order_by(AuditEvent.sequence))]


def people_found(admin, asked: str) -> set[str]:
    page = Page(admin.get(f"/admin/users?{asked}"))
    return {link.rsplit("/", 1)[1] for link in page.links if link.startswith("/admin/users/")}


def test_people_are_found_by_address_name_and_number(admin, ada, alice, bob):
    bob.name = "Bob 100%_sure"
    db.session.commit()

    for asked in (f"q={bob.id}", "q=BOB@exam", "q=ob 100%25_", "q=%25", f"q=user {bob.id}"):
        assert people_found(admin, asked) == {str(bob.id)}, asked
    assert people_found(admin, "q=nobody") == set()
    assert people_found(admin, "") == {str(each.id) for each in (ada, alice, bob)}


def test_people_are_found_by_their_state(admin, ada, alice, bob):
    alice.active = False
    db.session.commit()

    assert people_found(admin, "state=disabled") == {str(alice.id)}
    assert people_found(admin, "state=admin&q=ada") == {str(ada.id)}


def test_people_are_found_by_their_plan_as_they_have_it(admin, app, monkeypatch, ada, alice, bob):
    monkeypatch.setattr(app.extensions["caloria_config"], "payments", "manual")
    db.session.query(Subscription).delete()
    Subscription.extend_trial(alice, utc_now() + timedelta(days=2))
    Subscription.grant(bob, utc_now() + timedelta(days=2))
    db.session.commit()

    assert people_found(admin, "plan=trial") == {str(alice.id)}
    assert people_found(admin, "plan=plus") == {str(bob.id)}
    assert people_found(admin, "plan=free") == {str(ada.id)}


def test_the_page_of_a_person_shows_when_they_logged_last_and_nothing_of_what(admin, bob, make_food):
    food = make_food("Secret cake", energy_kcal=400)
    day = Day(bob, date(2026, 11, 3))
    day.log(food, food.usual_portion, 1, day.meals[0].meal, new_id(), "a form")
    db.session.commit()

    shown, listed = Page(admin.get(f"/admin/users/{bob.id}")), Page(admin.get("/admin/users?q=bob"))

    assert "3 November" in shown.words
    assert "3 November" in listed.words
    assert "Secret cake" not in shown.words + listed.words


def test_a_trial_is_extended_and_plus_granted_until_the_end_of_a_day_where_the_person_lives(admin, ada, bob):
    until = bob.local_time().date() + timedelta(days=30)
    for act, what in (("trials", "trial"), ("grants", "grant")):
        answer = admin.post(f"/admin/users/{bob.id}/{act}", data={"until_day": until.isoformat()})
        assert (answer.status_code, answer.location) == (303, f"/admin/users/{bob.id}")
        mine = select(Subscription.paid_until).where(Subscription.provider_id == f"{what} {bob.id}")
        ends = db.session.scalar(mine).astimezone(bob.zone)
        assert (ends.date(), ends.hour) == (until, 23)
        assert (f"{what} until another day", f"user {ada.id}") in noted(bob)

    assert admin.post(f"/admin/users/{bob.id}/grants/delete").status_code == 303
    granted = select(Subscription).where(Subscription.provider_id == f"grant {bob.id}")
    assert not db.session.scalar(granted).gives_plus(utc_now())


def test_a_day_that_is_over_is_refused_and_kept(admin, bob):
    for day in ("2020-01-01", "soon"):
        answer = admin.post(f"/admin/users/{bob.id}/trials", data={"until_day": day})
        assert answer.status_code == 422
        assert f'value="{day}"' in answer.text
    assert "trial until another day" not in dict(noted(bob))


def test_ending_sessions_disabling_and_enabling_do_so_at_once(admin, sign_in, ada, bob):
    theirs = sign_in(bob)
    assert admin.post(f"/admin/users/{bob.id}/sessions/delete").status_code == 303
    assert theirs.get("/account").status_code == 303

    theirs = sign_in(bob)
    admin.post(f"/admin/users/{bob.id}/disablings")
    assert theirs.get("/account").status_code == 303
    assert db.session.scalar(select(User.active).where(User.id == bob.id)) is False
    admin.post(f"/admin/users/{bob.id}/disablings/delete")
    assert db.session.scalar(select(User.active).where(User.id == bob.id)) is True
    acts = [act for act, actor in noted(bob) if actor == f"user {ada.id}"]
    assert {"disable", "enable", "sign-out everywhere"} <= set(acts)


def test_an_admin_is_made_and_unmade_by_another(admin, sign_in, ada, bob):
    admin.post(f"/admin/users/{bob.id}/promotions")
    assert sign_in(bob).get("/admin").status_code == 200
    admin.post(f"/admin/users/{bob.id}/promotions/delete")
    assert sign_in(bob).get("/admin").status_code == 403
    assert [act for act, actor in noted(bob) if actor == f"user {ada.id}"] == ["promote", "demote"]


def test_a_link_for_a_new_password_goes_to_the_person_alone(admin, app, ada, bob, tmp_path):
    answer = admin.post(f"/admin/users/{bob.id}/password-links", follow_redirects=True)
    assert do_jobs(app) == 1

    (mail,) = (tmp_path / "outbox").iterdir()
    assert "bob@example.org" in mail.read_text()
    assert "/password/reset/" not in answer.text
    assert ("password link", f"user {ada.id}") in noted(bob)


def test_everything_of_a_person_is_exported_and_that_is_noted(admin, ada, bob):
    answer = admin.post(f"/admin/users/{bob.id}/exports")

    assert answer.mimetype == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert "bob@example.org" in archive.read("caloria.json").decode()
    assert ("export", f"user {ada.id}") in noted(bob)


def test_an_account_is_erased_once_its_address_is_typed(admin, ada, bob):
    address, number = f"/admin/users/{bob.id}/erasures", bob.id
    for typed in ("", "alice@example.org"):
        assert admin.post(address, data={"typed_email": typed}).status_code == 422
    assert db.session.get(User, number) is not None

    assert admin.post(address, data={"typed_email": "BOB@example.org"}).status_code == 303
    assert db.session.scalar(select(User).where(User.id == number)) is None
    assert admin.get(f"/admin/users/{number}").status_code == 404
    done = select(AuditEvent.actor).where(AuditEvent.act == "erasure")
    assert db.session.scalars(done).all() == [f"user {ada.id}"]


def test_what_was_done_to_somebody_is_found_in_the_audit_with_what_it_changed(admin, ada, bob):
    admin.post(f"/admin/users/{bob.id}/disablings")
    today = utc_now().date()

    page = Page(admin.get(f"/admin/audit?object=user {bob.id}&act=disable&actor=user {ada.id}&since={today}"))
    assert "active True False" in page.words
    for elsewhere in (f"act=disable&until={today - timedelta(days=1)}", "act=disable&actor=visitor"):
        assert "Nothing like this is noted." in Page(admin.get(f"/admin/audit?{elsewhere}")).words


def test_sessions_are_listed_by_device_and_never_by_token(admin, bob):
    started = Session.start(
        bob, "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "192.0.2.7"
    )
    db.session.commit()

    shown = admin.get(f"/admin/users/{bob.id}").text

    assert "Firefox" in shown
    assert started.token not in shown
    assert started.token_hash not in shown
