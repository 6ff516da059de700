from datetime import date

import pytest
from pages import Page
from sqlalchemy import select

from caloria.extensions import db
from caloria.models import Food, Meal

SPANISH = {"Accept-Language": "es-MX,es;q=0.9,en;q=0.5"}
SATURDAY = date(2026, 11, 21)


@pytest.fixture
def luisa(make_person):
    """Somebody who chose Spanish, whatever her browser says."""
    return make_person("Luisa", language="es")


@pytest.fixture
def luisas(sign_in, luisa):
    return sign_in(luisa)


def test_a_spanish_persons_day_is_spanish(luisas):
    page = luisas.get(f"/diary/{SATURDAY}").text

    assert '<html lang="es" dir="ltr"' in page
    assert "kcal en el día" in page
    assert "Ponte un objetivo" in page
    assert "21 de noviembre" in page


def test_numbers_are_written_as_the_language_writes_them_and_read_so(luisas, luisa, make_food):
    lard = make_food("Lard", energy_kcal=900)
    meal = db.session.query(Meal).filter_by(user_id=luisa.id).first()
    log = f"/diary/{SATURDAY}/entries"
    form = Page(luisas.get(f"/foods/{lard.id}?day={SATURDAY}")).form("/entries", "amount").data

    refused = luisas.post(log, data={**form, "amount": "1.250", "meal_id": str(meal.id)})
    assert refused.status_code == 422
    assert "¿El punto es para los miles" in refused.text

    luisas.post(log, data={**form, "amount": "208,5", "meal_id": str(meal.id)})
    page = Page(luisas.get(f"/diary/{SATURDAY}"))
    assert "1.877" in page.words
    (its_page,) = (link for link in page.links if link.endswith("/edit"))
    assert 'value="208,5"' in luisas.get(its_page).text


def test_a_spanish_search_answers_in_spanish(luisas):
    page = luisas.get("/foods/search?q=xyzzy")

    assert 'lang="es"' in page.text
    assert "No hay nada para «xyzzy»" in Page(page).words


@pytest.mark.parametrize("address", ["/diary/2026-13-41", "/foods/no"])
def test_an_error_page_speaks_the_persons_language(luisas, address):
    luisas.get("/account")

    page = luisas.get(address)

    assert page.status_code == 404
    assert 'lang="es"' in page.text
    assert "No hay nada en esta dirección" in page.text


def test_the_browser_decides_for_a_visitor(client):
    assert "Empezar un diario" in client.get("/", headers=SPANISH).text
    assert "Start a diary" in client.get("/", headers={"Accept-Language": "de,fr;q=0.8"}).text
    assert "Start a diary" in client.get("/").text


def test_the_person_decides_and_not_the_browser(sign_in, alice):
    assert '<html lang="en"' in sign_in(alice).get("/account", headers=SPANISH).text


def test_who_signs_up_in_spanish_has_a_spanish_diary(client):
    said = {**Page(client.get("/signup", headers=SPANISH)).form("/signup").data, "name": "Luisa"}
    said |= {"email": "luisa@example.org", "password": "una buena clave", "time_zone": "Europe/Madrid"}
    client.post("/signup", data=said, headers=SPANISH)

    page = Page(client.get(f"/diary/{SATURDAY}"))
    for meal in ("Desayuno", "Comida", "Cena", "Tentempiés"):
        assert meal in page.words


def test_choosing_a_language_is_confirmed_in_it(sign_in, alice):
    browser = sign_in(alice)
    form = Page(browser.get("/account")).form("/account").data

    browser.post("/account", data={**form, "language": "es"})

    assert "Guardado." in browser.get("/account").text


def test_what_a_form_complains_of_is_said_in_the_persons_language(luisas):
    form = Page(luisas.get("/account")).form("/account").data

    page = luisas.post("/account", data={**form, "name": "", "units": "cubits"}).text

    assert "Dinos cómo llamarte" in page
    assert "Not a valid choice" not in page


def test_energy_is_shown_in_the_unit_that_a_person_counts_in(sign_in, alice, oats):
    alice.energy_unit = "kJ"
    db.session.commit()
    browser = sign_in(alice)

    page = browser.get(f"/foods/{oats.id}?day={SATURDAY}").text

    assert "1,590\N{NO-BREAK SPACE}kJ" in page  # 380 kcal in 100 g
    assert "kJ eaten" in browser.get(f"/diary/{SATURDAY}").text


def test_portions_weigh_ounces_for_whom_weighs_in_pounds(sign_in, alice, oats):
    alice.units = "us"
    db.session.commit()

    assert "2.8\N{NO-BREAK SPACE}oz" in sign_in(alice).get(f"/foods/{oats.id}").text


def test_who_counts_in_kilojoules_types_them_too(sign_in, make_person):
    browser = sign_in(make_person("Kim", energy_unit="kJ"))
    page = Page(browser.get("/foods/new"))
    assert "Energy (kJ)" in page.words

    said = {**page.form("/foods").data, "name": "Toast", "energy_kcal": "1255.2"}
    shown = browser.post("/foods", data=said, follow_redirects=True)

    food = db.session.scalars(select(Food)).one()
    assert food.energy_kcal == pytest.approx(300)
    assert "1,255" in Page(shown).words
    assert (
        Page(browser.get(f"/foods/{food.id}/edit")).form(f"/foods/{food.id}").data["energy_kcal"] == "1255.2"
    )
