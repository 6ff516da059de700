"""Products of Open Food Facts on the pages: found by barcode and by name, shown with their source, logged."""

import json
import re
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from sqlalchemy import select

from caloria.extensions import db
from caloria.models import Day, Entry, Food, FoodWord, OpenFood, shared_food
from caloria.models.ids import new_id

TODAY = date(2026, 11, 21)
CODE = "3017620422003"
SAID = {
    "product_name": "Hazelnut spread", "brands": "Nutty", "last_modified_t": 1_700_000_000,
    "serving_size": "1 tbsp (15 g)", "nutriments": {"energy-kcal_100g": 539, "proteins_100g": 6.3},
}  # fmt: skip


@pytest.fixture
def spread(app) -> OpenFood:
    made = OpenFood(
        gtin=CODE.zfill(14), code=CODE, name="Hazelnut spread", folded_name="hazelnut spread nutty"
    )
    made.brand, made.energy_kcal, made.changed_at = "Nutty", 539, datetime(2026, 1, 1, tzinfo=UTC)
    made.serving_amount, made.serving_name, made.serving_grams = 1, "tbsp", 15
    db.session.add(made)
    db.session.commit()
    return made


@pytest.fixture
def browser(sign_in, alice):
    return sign_in(alice)


def test_a_barcode_leads_to_the_product_which_says_where_it_is_from(browser, spread):
    answer = browser.get(f"/foods/barcode/{CODE}", follow_redirects=True)

    assert answer.request.path == f"/foods/openfoodfacts/{CODE}"
    assert f"https://world.openfoodfacts.org/product/{CODE}" in answer.text
    assert "ODbL" in answer.text
    assert "tbsp" in answer.text


def test_a_search_finds_it_behind_everybodys_foods(browser, spread, make_food):
    make_food("Hazelnut, raw", energy_kcal=628)

    found = re.findall(r'item__name">([^<]+)', browser.get("/foods/search?q=hazelnut").text)

    assert found == ["Hazelnut, raw", "Hazelnut spread"]


def test_products_are_only_shown_where_foods_are_few_those_that_are_scanned_most_first(
    browser, spread, make_food
):
    spread.scans = 4
    for code, name, scans in (("1", "Almond spread", 25), ("2", "Chestnut spread", 0)):
        other = OpenFood(gtin=code.zfill(14), code=code, name=name, folded_name=f"{name.lower()} nutty")
        other.brand, other.scans, other.changed_at = "Nutty", scans, spread.changed_at
        db.session.add(other)
    make_food("Chestnut spread, everybody's", gtin="2".zfill(14))

    def found():
        return re.findall(r'item__name">([^<]+)', browser.get("/foods/search?q=spread").text)

    assert found() == ["Chestnut spread, everybody&#39;s", "Almond spread", "Hazelnut spread"]
    for number in range(10):
        make_food(f"Spread of everybody {number}")
    assert len(found()) == 11


def test_a_slip_in_the_name_of_a_product_is_forgiven(browser, spread):
    for number in range(2):
        other = OpenFood(gtin=f"{number:014}", code="1", name="Nutty", folded_name="nutty hazelnut spread")
        other.changed_at = spread.changed_at
        db.session.add(other)
    FoodWord.know_shared()
    db.session.commit()

    assert "Hazelnut spread" in browser.get("/foods/search?q=hazlenut").text


def test_logging_it_keeps_ones_own_copy_that_nobody_else_gets(browser, spread, alice, ada, sign_in):
    day = Day(alice, TODAY)
    meal = day.meals[0].meal.id
    form = {
        "id": new_id(),
        "food_id": spread.id,
        "portion_id": spread.portions[0].id,
        "amount": "2",
        "meal_id": meal,
    }

    assert [browser.post(f"/diary/{TODAY}/entries", data=form).status_code for _ in range(2)] == [303, 303]

    [entry], [copy] = db.session.scalars(select(Entry)).all(), db.session.scalars(select(Food)).all()
    assert (entry.gram_weight, entry.energy_kcal, entry.portion_unit) == (30, pytest.approx(161.7), "tbsp")
    assert (copy.owner_id, copy.open_food_code, entry.food_id) == (alice.id, CODE, copy.id)
    page = browser.get(f"/foods/barcode/{CODE}", follow_redirects=True)
    assert (page.request.path, "ODbL" in page.text) == (f"/foods/{copy.id}", True)
    assert db.session.scalars(shared_food.made_by_people()).all() == []
    assert sign_in(ada).post(f"/admin/foods/{copy.id}/approvals").status_code in (303, 404)
    assert [food.owner_id for food in db.session.scalars(select(Food))] == [alice.id]


def test_several_are_logged_with_their_servings(browser, spread, alice):
    meal = Day(alice, TODAY).meals[0].meal.id

    answer = browser.post(
        f"/diary/{TODAY}/several-entries", data={"id": new_id(), "meal_id": meal, "food": [spread.id]}
    )

    assert (answer.status_code, db.session.scalars(select(Entry.gram_weight)).all()) == (303, [15])


@pytest.fixture
def there(app, monkeypatch):
    """Open Food Facts as it answers for one product, on this machine; what it was asked is kept."""
    asked = []

    class Answers(BaseHTTPRequestHandler):
        answer = (200, {"status": 1, "product": SAID})

        def do_GET(self):
            asked.append((self.path, self.headers["User-Agent"]))
            status, said = self.answer
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(said).encode() if isinstance(said, dict) else said)

        def log_message(self, *_said):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    Thread(target=server.serve_forever, daemon=True).start()
    config = app.extensions["caloria_config"]
    monkeypatch.setattr(config, "open_food_facts_lookup", True)
    monkeypatch.setattr(config, "open_food_facts_url", f"http://127.0.0.1:{server.server_port}")
    yield Answers, asked
    server.shutdown()
    server.server_close()


def test_an_unknown_barcode_is_looked_up_once_and_kept(browser, there):
    addresses = [browser.get(f"/foods/barcode/{CODE}").location for _ in range(2)]

    assert all(f"/foods/openfoodfacts/{CODE}" in address for address in addresses)
    [(path, agent)] = there[1]
    assert (path.startswith(f"/api/v2/product/{CODE}.json"), agent.startswith("Caloria/")) == (True, True)
    assert db.session.scalars(select(OpenFood.energy_kcal)).all() == [539]


def test_an_answer_changes_no_product_but_the_one_that_was_asked_for(browser, there, spread):
    other = "4000417025005"
    there[0].answer = (200, {"status": 1, "product": {**SAID, "code": CODE, "product_name": "Chocolate"}})

    assert f"/foods/openfoodfacts/{other}" in browser.get(f"/foods/barcode/{other}").location
    assert db.session.scalar(select(OpenFood.name).where(OpenFood.code == CODE)) == "Hazelnut spread"


@pytest.mark.parametrize(
    ("answer", "says"),
    [((404, {}), False), ((200, {"status": 0}), False), ((503, {}), True), ((200, b"<html>"), True)],
    ids=["unknown", "unknown as well", "away", "no JSON"],
)
def test_where_nothing_is_found_there_one_makes_the_food_oneself(browser, there, answer, says):
    there[0].answer = answer

    pages = [browser.get(f"/foods/barcode/{CODE}", follow_redirects=True) for _ in range(2)]

    assert [page.request.path for page in pages] == ["/foods/new"] * 2
    assert ("does not answer just now" in pages[0].text, len(there[1])) == (says, 1)


def test_so_many_are_looked_up_in_a_minute(browser, there):
    there[0].answer = (404, {})
    codes = [f"{number:07d}" for number in range(2_000_000, 2_000_030)]
    for code in codes:
        digit = -sum(int(each) * (3 if place % 2 == 0 else 1) for place, each in enumerate(code)) % 10
        browser.get(f"/foods/barcode/{code}{digit}")

    assert len(there[1]) in (10, 20)  # the clock may have come to the next minute


def test_nothing_is_asked_unless_the_operator_wants_it(browser, there, app, monkeypatch):
    monkeypatch.setattr(app.extensions["caloria_config"], "open_food_facts_lookup", False)

    assert "/foods/new" in browser.get(f"/foods/barcode/{CODE}").location
    assert there[1] == []
