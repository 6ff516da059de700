import re
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select
from surroundings import PASSWORD

from caloria.extensions import db
from caloria.models import Meal, User
from caloria.models.ids import new_id

CAROL = {
    "name": "Carol",
    "email": "carol@example.org",
    "password": PASSWORD,
    "time_zone": "Europe/Madrid",
}


def form(**changed):
    return {"id": new_id(), **CAROL, **changed}


def people() -> int:
    return db.session.scalar(select(func.count()).select_from(User))


def test_who_signs_up_is_signed_in_and_asked_for_a_first_target(client):
    response = client.post("/signup", data=form())

    assert (response.status_code, response.location) == (303, "/targets/body")
    assert client.get("/targets/body").status_code == 200


def test_a_new_diary_has_four_meals_and_today_is_empty(client):
    client.post("/signup", data=form())

    page = client.get("/diary", follow_redirects=True)

    assert db.session.scalar(select(func.count()).select_from(Meal)) == 4
    assert page.status_code == 200
    for meal in ("Breakfast", "Lunch", "Dinner", "Snacks"):
        assert meal in page.text


@pytest.mark.parametrize(
    "email",
    [
        "carol@example.org",
        "CAROL@Example.ORG",
        "  carol@example.org ",
        "ｃａｒｏｌ@example.org",
        "\N{KELVIN SIGN}arol@example.org",
    ],
)
def test_an_address_in_any_spelling_has_one_account(client, app, email):
    first = "karol@example.org" if "\N{KELVIN SIGN}" in email else "carol@example.org"
    client.post("/signup", data=form(email=first))

    response = app.test_client().post("/signup", data=form(email=email, name="Mallory"))

    assert response.status_code == 422
    assert "There is an account with this e-mail already" in response.text
    assert 'value="Mallory"' in response.text
    assert people() == 1


def test_the_same_form_sent_twice_makes_one_person(client, app):
    sent = form()

    first, again = client.post("/signup", data=sent), client.post("/signup", data=sent)
    elsewhere = app.test_client().post("/signup", data=sent)

    assert [first.status_code, again.status_code, elsewhere.status_code] == [303, 303, 303]
    assert people() == 1
    assert db.session.scalar(select(func.count()).select_from(Meal)) == 4


def test_a_form_used_before_is_given_back_with_a_fresh_id(client):
    sent = form()
    client.post("/signup", data=sent)

    changed = {**sent, "email": "carla@example.org", "name": "Carla"}
    response = client.post("/signup", data=changed)

    assert response.status_code == 422
    assert 'value="carla@example.org"' in response.text
    assert people() == 1
    fresh = re.search(r'name="id"[^>]*value="([^"]+)"', response.text)[1]
    assert fresh != str(sent["id"])
    assert client.post("/signup", data={**changed, "id": fresh}).status_code == 303
    assert people() == 2


def test_who_knows_the_form_but_not_the_password_gets_nowhere(client, app):
    sent = form()
    client.post("/signup", data=sent)

    stranger = app.test_client()
    response = stranger.post("/signup", data={**sent, "password": "another good password"})

    assert response.status_code == 422
    assert stranger.get("/account").status_code == 303


def test_a_password_is_kept_as_an_argon2id_hash_of_at_least_19_mib(client):
    client.post("/signup", data=form())

    stored = db.session.scalar(select(User.password_hash))

    version, memory, passes, lanes = map(
        int, re.match(r"\$argon2id\$v=(\d+)\$m=(\d+),t=(\d+),p=(\d+)\$", stored).groups()
    )
    assert (version, lanes) == (19, 1)
    assert memory >= 19456
    assert passes >= 2
    assert PASSWORD not in stored


def test_the_time_zone_is_asked_for_without_javascript(client):
    page = client.get("/signup").text

    assert '<option value="Europe/Madrid">' in page
    assert 'value=""' in re.search(r"<select[^>]*name=\"time_zone\".*?</option>", page, re.DOTALL)[0]
    response = client.post("/signup", data=form(time_zone=""))
    assert response.status_code == 422
    assert "Please choose your time zone" in response.text
    assert people() == 0


def test_nobody_makes_themselves_an_admin(client):
    client.post("/signup", data=form(is_admin="1", active="0", created_at="2001-01-01", user_id=new_id()))

    carol = db.session.scalar(select(User))
    assert carol.is_admin is False
    assert carol.active is True
    assert carol.created_at.year > 2001


def test_who_is_signed_in_is_not_asked_to_sign_up(sign_in, alice):
    assert sign_in(alice).get("/signup").location == "/diary"


def test_one_address_makes_a_limited_number_of_accounts(client, app):
    answers = [
        app.test_client().post("/signup", data=form(email=f"carol{number}@example.org")).status_code
        for number in range(31)
    ]

    assert answers == [303] * 30 + [429]
    assert people() == 30


@pytest.mark.parametrize("same_form", [True, False])
def test_two_sign_ups_at_once_make_one_account(make_app, same_form):
    app, together, answers = make_app(), Barrier(2), []
    forms = [form()] * 2 if same_form else [form(), form(email="CAROL@example.org")]

    def sign_up(sent):
        browser = app.test_client()
        together.wait(30)
        answers.append(browser.post("/signup", data=sent).status_code)

    threads = [Thread(target=sign_up, args=(sent,)) for sent in forms]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert sorted(answers) == ([303, 303] if same_form else [303, 422])
    with app.app_context():
        assert people() == 1
        assert db.session.scalar(select(func.count()).select_from(Meal)) == 4
