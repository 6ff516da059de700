"""People ask for foods that are missing or wrong, and are told what became of it."""

import pytest
from pages import Page
from sqlalchemy import select
from working import do_jobs

from caloria.extensions import db
from caloria.jobs import requests as mails  # noqa: F401  it brings along the mail
from caloria.models import AuditEvent, Entry, Food, FoodRequest, FoodSearch, Portion
from caloria.models.clock import utc_now
from caloria.models.food_request import MOST_OPEN, NEWS_FOR

ASKED = {"title": "Rye bread", "description": "From the mill", "gtin": "4006381333931"}
LABEL = {"basis": "100g", "energy_kcal": "221", "serving_grams": "41", "serving_name": "slice"}


@pytest.fixture
def ask(signed_in):
    """Ask for a food, as the page does."""

    def ask(address="/requests/new", **said):
        form = Page(signed_in.get(address)).form("/requests")
        return signed_in.post(form.action, data={**form.data, **said})

    return ask


@pytest.fixture
def asked(ask, alice):
    """What Alice asked for."""
    assert ask(**ASKED).status_code == 303
    return db.session.scalars(select(FoodRequest)).one()


@pytest.fixture
def admin(sign_in, ada):
    return sign_in(ada)


def at(request, *more: str) -> str:
    return "/".join((f"/admin/requests/{request.user_id}/{request.id}", *more))


def now(request) -> FoodRequest:
    db.session.expire_all()
    return db.session.get_one(FoodRequest, (request.user_id, request.id))


@pytest.fixture
def taken(asked, admin):
    """The same, on which Ada works."""
    page = Page(admin.get(at(asked)))
    assert admin.post(page.form("/turns").action, data=page.form("/turns").data).status_code == 303
    return now(asked)


def acts(about: str) -> list[str]:
    said = select(AuditEvent.act).where(AuditEvent.object == about).order_by(AuditEvent.sequence)
    return list(db.session.scalars(said))


def test_what_a_search_did_not_find_is_asked_for_in_its_words(signed_in, ask):
    found = Page(signed_in.get("/foods/search?q=kohlrabi crisps"))
    address = next(link for link in found.links if link.startswith("/requests/new"))

    assert Page(signed_in.get(address)).form("/requests").data["title"] == "kohlrabi crisps"


def test_an_unknown_barcode_is_asked_for_with_its_digits(signed_in, ask):
    page = Page(signed_in.get("/foods/barcode/4006381333931", follow_redirects=True))
    address = next(link for link in page.links if link.startswith("/requests/new"))

    ask(address, title="Pencils")
    assert db.session.scalars(select(FoodRequest.gtin)).one() == "04006381333931"


def test_a_food_that_is_wrong_is_named(signed_in, ask, oats):
    page = Page(signed_in.get(f"/foods/{oats.id}"))
    address = next(link for link in page.links if link.startswith("/requests/new"))

    ask(address, description="The fat is wrong")
    made = db.session.scalars(select(FoodRequest)).one()
    assert (made.title, made.about_id) == ("Oats, dry", oats.id)


def test_a_request_that_arrives_twice_is_one(signed_in, ask):
    form = Page(signed_in.get("/requests/new")).form("/requests")
    answers = [signed_in.post(form.action, data={**form.data, **ASKED}) for _ in range(2)]

    assert [each.status_code for each in answers] == [303, 303]
    assert len(db.session.scalars(select(FoodRequest)).all()) == 1


def test_what_was_typed_is_kept_where_something_is_wrong(ask):
    answer = ask(title="x" * 101, description="From the mill")

    assert answer.status_code == 422
    assert "From the mill" in answer.get_data(as_text=True)


def test_a_strangers_request_and_food_are_a_404(sign_in, asked, bob, make_food, alice):
    stranger = sign_in(bob)
    own = make_food("Alice's bread", owner=alice)

    assert stranger.get(f"/requests/{asked.id}").status_code == 404
    assert stranger.post(f"/requests/{asked.id}/delete").status_code == 404
    assert stranger.get(f"/requests/new?about={own.id}").status_code == 404
    form = {"title": "Bread", "id": str(own.id), "about_id": str(own.id)}
    assert stranger.post("/requests", data=form).status_code == 404
    assert "Rye bread" not in stranger.get("/requests").get_data(as_text=True)


def test_a_strangers_request_of_the_same_id_is_another(sign_in, asked, bob):
    stranger = sign_in(bob)
    form = {**ASKED, "title": "Bob's", "id": str(asked.id)}

    assert stranger.post("/requests", data=form).status_code == 303
    assert Page(stranger.get(f"/requests/{asked.id}")).words.count("Rye") == 0
    assert now(asked).title == "Rye bread"


def test_nobody_asks_for_more_than_can_be_worked_off(ask, alice):
    for number in range(MOST_OPEN):
        assert ask(title=f"Food {number}").status_code == 303

    answer = ask(title="One more")
    assert answer.status_code == 422
    assert "One more" in answer.get_data(as_text=True)


def test_ones_own_is_cancelled_while_nobody_works_on_it(signed_in, asked, admin):
    assert signed_in.post(f"/requests/{asked.id}/delete").status_code == 303
    assert now(asked).state == "cancelled"
    assert signed_in.post(f"/requests/{asked.id}/delete").status_code == 303

    assert admin.post(at(asked, "turns"), data={"seen_id": ""}).status_code == 422
    assert now(asked).state == "cancelled"


def test_what_somebody_works_on_is_no_longer_cancelled_by_its_person(signed_in, taken):
    assert "Cancel" not in Page(signed_in.get(f"/requests/{taken.id}")).words
    answer = signed_in.post(f"/requests/{taken.id}/delete", follow_redirects=True)

    assert "can no longer be cancelled" in Page(answer).words
    assert now(taken).state == "in_progress"


def test_two_admins_who_take_it_at_once_are_one_who_has_it_and_one_who_is_told(
    sign_in, asked, admin, ada, make_person
):
    grace = make_person("Grace", is_admin=True)
    late = sign_in(grace)
    form = Page(late.get(at(asked))).form("/turns")
    admin.post(at(asked, "turns"), data={"seen_id": ""})

    told = Page(late.post(form.action, data=form.data, follow_redirects=True))
    assert "Somebody else was there meanwhile" in told.words
    assert (now(asked).owner_id, acts(f"request {asked.id}")) == (ada.id, ["request take"])
    late.post(at(asked, "completions"), data={"answer": "Done"})
    assert now(asked).state == "in_progress"

    again = told.form("/turns")
    late.post(again.action, data=again.data)
    assert now(asked).owner_id == grace.id


def test_what_is_given_back_is_nobodys(admin, taken):
    for _ in range(2):
        assert admin.post(at(taken, "turns", "delete")).status_code == 303

    assert (now(taken).state, now(taken).owner_id) == ("pending", None)
    assert acts(f"request {taken.id}") == ["request take", "request give back"]


def test_a_request_becomes_a_food_and_its_person_is_told_once(app, signed_in, admin, taken, alice):
    app.extensions["caloria_config"].public_url = "https://caloria.example"
    form = Page(admin.get(at(taken, "food", "new"))).form("/food")
    assert (form.data["name"], form.data["gtin"]) == ("Rye bread", "4006381333931")
    for _ in range(2):
        data = {**form.data, **LABEL, "answer": "Here it is"}
        assert admin.post(form.action, data=data).status_code == 303

    food = db.session.scalars(select(Food).where(Food.source == "caloria")).one()
    assert (food.owner_id, food.gtin, food.portions[0].gram_weight) == (None, "04006381333931", 41)
    assert (now(taken).state, now(taken).food_id) == ("completed", food.id)
    assert acts(f"request {taken.id}") == ["request take", "request complete"]
    assert acts(f"food {food.id}") == ["food create"]
    assert FoodSearch(alice).find("rye braed") == [food]
    assert do_jobs(app) == 1
    mail = next((app.extensions["caloria_config"].mail_outbox).iterdir()).read_text()
    assert "Done: Rye bread" in mail
    assert f"/requests/{taken.id}" in mail
    assert "1 answer" in Page(signed_in.get("/foods")).words
    page = Page(signed_in.get(f"/requests/{taken.id}"))
    assert "Here it is" in page.words
    assert f"/foods/{food.id}" in page.links


def test_answers_are_news_for_a_week(signed_in, admin, taken):
    admin.post(at(taken, "completions"), data={"answer": "It is there as oats"})
    now(taken).ended_at = utc_now() - NEWS_FOR
    db.session.commit()

    assert "answer" not in Page(signed_in.get("/foods")).words


def test_correcting_a_food_ends_the_request_and_changes_no_day(signed_in, admin, ask, oats, log_oats):
    before = log_oats.energy_kcal
    oats.portions.append(Portion(position=2, amount=1, unit="handful", gram_weight=30))
    db.session.commit()
    ask(f"/requests/new?about={oats.id}")
    asked = db.session.scalars(select(FoodRequest)).one()
    admin.post(at(asked, "turns"), data={"seen_id": ""})
    form = Page(admin.get(at(asked, "food", "edit"))).form("/correction")
    assert (
        admin.post(form.action, data={**form.data, "basis": "100g", "energy_kcal": "371"}).status_code == 303
    )

    db.session.expire_all()
    assert (oats.energy_kcal, oats.protein_g, len(oats.portions)) == (371, 13, 2)
    assert db.session.scalars(select(Entry)).one().energy_kcal == before
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.act == "food correct")).one()
    assert (event.before, event.after) == ({"energy_kcal": 380}, {"energy_kcal": 371})
    assert now(asked).food_id == oats.id


@pytest.fixture
def log_oats(signed_in, alice, oats):
    from caloria.models import Day
    from caloria.models.ids import new_id

    day = Day(alice, alice.today())
    entry = day.log(oats, oats.usual_portion, 1, day.meals[0].meal, new_id(), "a form")
    db.session.commit()
    return entry


def test_a_request_is_cancelled_with_a_reason(admin, taken):
    assert admin.post(at(taken, "refusals"), data={"reason": " "}).status_code == 422
    assert now(taken).state == "in_progress"

    assert admin.post(at(taken, "refusals"), data={"reason": "It is sold no more"}).status_code == 303
    assert (now(taken).state, now(taken).answer) == ("cancelled", "It is sold no more")


def test_a_request_cannot_be_completed_by_a_strangers_food(admin, taken, bob, make_food):
    own = make_food("Bob's bread", owner=bob)

    assert admin.post(at(taken, "completions"), data={"food_id": str(own.id)}).status_code == 404


def test_a_list_asks_as_often_however_long_it_is(admin, ada, alice, statements):
    def asked_for(number: int) -> int:
        state = {"state": "in_progress", "owner_id": ada.id}
        db.session.add_all(FoodRequest(user_id=alice.id, title=f"F {n}", **state) for n in range(number))
        db.session.commit()
        statements.clear()
        assert admin.get("/admin/requests?owner=mine&q=F").status_code == 200
        return len(statements)

    assert asked_for(1) == asked_for(60) <= 5


def test_admins_look_through_requests_by_state_owner_and_words(admin, ada, ask, taken):
    ask(title="Ham", description="smoked")

    def titles(query):
        words = Page(admin.get(f"/admin/requests?{query}")).words
        return [title for title in ("Rye bread", "Ham") if title in words]

    assert titles("") == ["Rye bread", "Ham"]
    assert titles("state=pending") == titles("owner=nobody") == titles("q=SMOKED") == ["Ham"]
    assert titles("owner=mine") == titles("state=in_progress") == ["Rye bread"]
    assert titles("owner=somebody") == titles("q=100%25") == []
    words = Page(admin.get("/admin/requests")).words
    assert words.index("Rye bread") < words.index("Ham")
