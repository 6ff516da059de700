"""Searching foods, and the page of one."""

from datetime import date

import pytest
from pages import Page

from caloria.extensions import db
from caloria.models import Day
from caloria.models.ids import new_id

DAY = date(2026, 11, 20)


def search(signed_in, text: str, **more):
    return signed_in.get("/foods/search", query_string={"q": text, "day": DAY, **more})


def test_what_is_found_is_logged_with_one_tap_in_its_usual_portion(signed_in, alice, oats):
    dinner = Day(alice, DAY).meals[2].meal

    found = Page(search(signed_in, "oat", meal=dinner.id))
    response = signed_in.post(found.form("/entries").action, data=found.form("/entries").data)

    assert response.status_code == 303
    entry = Day(alice, DAY).meals[2].entries[0]
    assert (entry.name, entry.portion_amount, entry.portion_unit) == ("Oats, dry", 1, "cup")


def test_a_food_without_portions_is_logged_as_100_grams(signed_in, alice, make_food):
    make_food("Sea salt", energy_kcal=0, sodium_mg=38_000)

    found = Page(search(signed_in, "salt"))
    signed_in.post(found.form("/entries").action, data=found.form("/entries").data)

    assert Day(alice, DAY).totals["sodium_mg"].amount == 38_000


def test_a_third_of_something_is_logged_with_one_tap(signed_in, alice, make_food):
    pie = make_food("Pie", [("pie", 400)], energy_kcal=250)
    pie.portions[0].amount = 1 / 3
    db.session.commit()

    found = Page(search(signed_in, "pie"))
    response = signed_in.post(found.form("/entries").action, data=found.form("/entries").data)

    assert response.status_code == 303
    assert Day(alice, DAY).totals["energy_kcal"].amount == pytest.approx(1000)


def test_each_result_leads_to_its_food_on_the_same_day_and_meal(signed_in, alice, oats):
    meal = Day(alice, DAY).meals[3].meal

    links = Page(search(signed_in, "oats", meal=meal.id)).links

    assert f"/foods/{oats.id}?day={DAY}&meal={meal.id}" in links


@pytest.mark.parametrize(
    "text", ["%", "_", "\\", "' OR 1=1 --", "\0", "\ud7ff", "a" * 10_000, "é " * 5_000, "ﷺ" * 200]
)
def test_any_text_can_be_searched_for(signed_in, oats, text):
    response = search(signed_in, text)

    assert response.status_code == 200
    assert "Oats, dry" not in Page(response).words


def test_nothing_found_leads_to_a_food_of_that_name(signed_in):
    page = Page(search(signed_in, "grandma's bread"))

    assert "Nothing found" in page.words
    new = next(link for link in page.links if link.startswith("/foods/new"))
    assert Page(signed_in.get(new)).form("/foods").data["name"] == "grandma's bread"


def test_before_one_types_what_is_usual_at_the_meal_is_offered(signed_in, alice, oats):
    day = Day(alice, DAY)
    day.log(oats, oats.usual_portion, 2, day.meals[0].meal, new_id(), "a form")
    db.session.commit()

    breakfast, lunch = (Page(search(signed_in, "", meal=day.meals[at].meal.id)) for at in (0, 1))

    assert breakfast.form("/repeats").data["meal_id"] == str(day.meals[0].meal.id)
    assert not lunch.has_form("/repeats")


@pytest.mark.parametrize(
    "chosen",
    [{"day": "2026-02-30"}, {"day": "9999-01-01"}, {"day": ""}, {"meal": "lunch"}, {"meal": new_id()}],
)
def test_a_day_or_meal_that_is_none_becomes_the_present_one(signed_in, alice, oats, chosen):
    for address in ("/foods/search", "/foods/new", f"/foods/{oats.id}"):
        response = signed_in.get(address, query_string=chosen)
        assert response.status_code == 200, address


def test_a_food_shows_its_figures_and_where_they_come_from(signed_in, milk):
    words = Page(signed_in.get(f"/foods/{milk.id}")).words

    assert "USDA FoodData Central" in words
    assert "40 mg" in words  # sodium
    assert "Fibre –" in words
    assert "Caffeine" not in words


def test_a_food_that_is_not_there_is_a_404(signed_in):
    assert signed_in.get(f"/foods/{new_id()}").status_code == 404
    assert signed_in.get("/foods/oats").status_code == 404


def test_a_food_is_logged_from_its_page_on_the_chosen_day_and_meal(signed_in, alice, oats):
    lunch = Day(alice, DAY).meals[1].meal

    form = Page(signed_in.get(f"/foods/{oats.id}?day={DAY}&meal={lunch.id}")).form("/entries", "amount")
    assert (form.data["amount"], form.data["portion_id"]) == ("1", str(oats.portions[0].id))
    signed_in.post(form.action, data={**form.data, "portion_id": "", "amount": "60"})

    entry = Day(alice, DAY).meals[1].entries[0]
    assert (entry.gram_weight, entry.portion_unit) == (60, "g")


def test_a_shared_food_cannot_be_changed_or_put_away(signed_in, oats):
    for address in (f"/foods/{oats.id}", f"/foods/{oats.id}/delete", f"/foods/{oats.id}/restoration"):
        assert signed_in.post(address, data={"name": "Mine", "energy_kcal": "1"}).status_code == 404
    assert signed_in.get(f"/foods/{oats.id}/edit").status_code == 404
    assert "/edit" not in " ".join(Page(signed_in.get(f"/foods/{oats.id}")).links)


def test_a_shared_food_that_was_put_away_says_so_kindly(signed_in, oats):
    oats.archive()
    db.session.commit()

    page = Page(signed_in.get(f"/foods/{oats.id}"))

    assert "Put away" in page.words
    assert not page.has_form("/restoration")


def test_several_foods_are_logged_at_once_and_once(signed_in, alice, oats, milk):
    day = Day(alice, DAY)
    page = search(signed_in, "o")
    assert page.get_data(as_text=True).count('name="food"') == 2
    form = Page(page).form("/several-entries")
    ticked = {**form.data, "food": [oats.id, milk.id]}

    answers = [signed_in.post(form.action, data=ticked) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    eaten = [entry for of_day in day.meals for entry in of_day.entries]
    assert {(entry.name, entry.portion_unit) for entry in eaten} == {
        ("Oats, dry", "cup"),
        ("Milk, whole", "cup"),
    }
    assert signed_in.post(form.action, data={**form.data, "id": new_id(), "food": []}).status_code == 422


def test_a_strangers_food_is_not_among_several(signed_in, bob, oats, make_food):
    bread = make_food("Bob's bread", owner=bob)
    form = Page(search(signed_in, "oats")).form("/several-entries")

    assert signed_in.post(form.action, data={**form.data, "food": [oats.id, bread.id]}).status_code == 404
