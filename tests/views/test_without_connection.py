"""What a browser is told, so that Caloria can be installed, and read offline by its person alone."""

import re
from datetime import date
from io import BytesIO

import pytest
from PIL import Image

from caloria.extensions import db
from caloria.models import Day, Entry
from caloria.models.ids import new_id

DAY = date(2026, 11, 21)


def test_a_day_may_be_kept_for_its_person_and_no_other_page(sign_in, alice):
    browser = sign_in(alice)
    day = browser.get(f"/diary/{DAY}")
    others = [browser.get(address) for address in ("/account", "/targets", "/foods", "/foods/search?q=oats")]

    assert day.headers["Caloria-Person"] == str(alice.id)
    assert day.headers["Caloria-Keep"] == browser.get("/trends").headers["Caloria-Keep"] == "1"
    assert "Caloria-Keep" not in browser.get("/trends?days=90").headers
    for other in others:
        assert other.headers["Caloria-Person"] == str(alice.id)
        assert "Caloria-Keep" not in other.headers
    said = {"energy_kcal": "many", "meal_id": Day(alice, DAY).meals[0].meal.id}
    refused = browser.post(f"/diary/{DAY}/quick-entries", data=said)
    assert refused.status_code == 422
    assert "Caloria-Keep" not in refused.headers


@pytest.mark.parametrize("address", ["/", "/login", "/signup"])
def test_what_a_visitor_sees_says_that_nobody_is_here(client, address):
    answer = client.get(address)

    assert answer.headers["Caloria-Person"] == "nobody"
    assert "Caloria-Keep" not in answer.headers


def test_after_signing_out_nobody_is_here(sign_in, alice):
    browser = sign_in(alice)
    kept = browser.get_cookie("caloria")
    browser.post("/logout", data={})
    browser.set_cookie("caloria", kept.value)

    assert browser.get("/login").headers["Caloria-Person"] == "nobody"
    assert browser.post(f"/diary/{DAY}/quick-entries").headers["Caloria-Person"] == "nobody"
    assert browser.get("/form-token").json == {"person": None, "token": None}


def test_a_form_that_waited_gets_a_token_of_its_persons_session(sign_in, alice):
    assert sign_in(alice).get("/form-token").json["person"] == str(alice.id)


def test_the_service_worker_is_another_in_another_language_and_names_files_by_what_is_in_them(client):
    first = client.get("/service-worker.js?language=en")

    assert first.mimetype == "text/javascript"
    assert client.get("/service-worker.js?language=en").data == first.data
    spanish = client.get("/service-worker.js?language=es")
    assert spanish.data != first.data
    assert "/offline?language=es" in spanish.text
    assert client.get("/service-worker.js?language=xx").data == first.data
    for address in re.findall(r'"(/static/[^"]+)"', first.text):
        assert client.get(address).status_code == 200
        assert "?v=" in address


def test_what_stands_in_for_a_page_says_nothing_of_anybody(sign_in, alice, client):
    assert sign_in(alice).get("/offline?language=en").text == client.get("/offline?language=en").text
    assert "Sin conexión" in client.get("/offline?language=es").text


def test_the_manifest_speaks_the_persons_language_and_its_icons_are_as_large_as_it_says(client):
    manifest = client.get("/manifest.webmanifest", headers={"Accept-Language": "es"}).json

    assert manifest["lang"] == "es"
    assert client.get("/manifest.webmanifest").json["description"] != manifest["description"]
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
    for icon in manifest["icons"]:
        drawn = Image.open(BytesIO(client.get(icon["src"]).data))
        assert icon["sizes"] == "{}x{}".format(*drawn.size)


def test_whose_page_a_form_came_from_is_no_part_of_what_it_says(sign_in, alice):
    """The service worker sends again what the page sent, without that."""
    meal = Day(alice, DAY).meals[0].meal
    browser, said = sign_in(alice), {"id": new_id(), "energy_kcal": "300", "meal_id": meal.id}
    first = browser.post(f"/diary/{DAY}/quick-entries", data={**said, "person": str(alice.id)})
    again = browser.post(f"/diary/{DAY}/quick-entries", data=said)

    assert (first.status_code, again.status_code) == (303, 303)
    assert db.session.query(Entry).count() == 1


def test_what_another_person_typed_on_this_device_is_not_logged_for_whoever_is_signed_in(sign_in, alice, bob):
    said = {"id": new_id(), "water_ml": "250", "person": str(alice.id)}
    refused = sign_in(bob).post(f"/diary/{DAY}/drinks", data=said)

    assert refused.status_code == 409
    assert "Somebody else is signed in here now" in refused.text
    assert sign_in(alice).post(f"/diary/{DAY}/drinks", data=said).status_code == 303
