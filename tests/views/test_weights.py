"""Weights and other measurements: logged with one tap, changed, taken back."""

from datetime import timedelta

import pytest
from pages import Page

from caloria.extensions import db
from caloria.models import Series, Weight
from caloria.models.ids import new_id


def kilograms(person) -> list[float]:
    return [weight.weight_kg for weight in db.session.scalars(Weight.of(person.id))]


def test_a_weight_is_logged_once_changed_taken_back_and_had_back(signed_in, alice):
    sent = {"id": new_id(), "weight": "71,5", "day": str(alice.today())}
    for _ in range(2):
        assert signed_in.post("/weights", data=sent).status_code == 303
    assert signed_in.post("/weights", data={**sent, "weight": "72"}).status_code == 422
    assert kilograms(alice) == [71.5]

    address = f"/weights/{sent['id']}"
    assert 'value="71.5"' in signed_in.get(f"{address}/edit").text
    signed_in.post(address, data={"weight": "70", "day": str(alice.today() - timedelta(days=1))})
    assert kilograms(alice) == [70]

    signed_in.post(f"{address}/delete")
    assert kilograms(alice) == []
    # The form that is sent again brings nothing back.
    signed_in.post("/weights", data=sent)
    assert kilograms(alice) == []
    signed_in.post(Page(signed_in.get("/weights")).form("/restoration").action)
    assert kilograms(alice) == [70]


@pytest.mark.parametrize("what", ["weights", "measurements"])
def test_what_was_taken_back_in_another_tab_is_not_saved_out_of_sight(what, signed_in, alice):
    today, address = str(alice.today()), f"/{what}/{(id := new_id())}"
    said = {"id": id, "weight": "71.5", "day": today, "name": "Waist", "unit": "cm", "amount": "82"}
    assert signed_in.post(f"/{what}", data=said).status_code == 303
    signed_in.post(f"{address}/delete")

    assert signed_in.get(f"{address}/edit").status_code == 404
    assert signed_in.post(address, data={"weight": "70", "amount": "80", "day": today}).status_code == 404


def test_the_weight_of_today_is_offered_as_the_last_one_was(signed_in, alice):
    signed_in.post("/weights", data={"id": new_id(), "weight": "71.5", "day": str(alice.today())})

    form = Page(signed_in.get("/trends")).form("/weights", "weight")

    assert (form.data["weight"], form.data["day"]) == ("71.5", str(alice.today()))
    assert signed_in.post(form.action, data=form.data).location == "/trends"
    assert kilograms(alice) == [71.5, 71.5]


def test_on_its_day_a_weight_is_logged_with_one_tap_and_taken_back_there(signed_in, alice):
    today, before = alice.today(), alice.today() - timedelta(days=3)
    assert Page(signed_in.get(f"/diary/{today}")).form("/weights").data["weight"] == ""
    Weight.log(alice, before, 71.46, new_id(), "digest")
    db.session.commit()

    form = Page(signed_in.get(f"/diary/{today}")).form("/weights")
    assert form.data["weight"] == "71.5"
    for _ in range(2):
        assert signed_in.post(form.action, data=form.data).location == f"/diary/{today}#weigh-in"
    logged = db.session.scalars(Weight.latest(alice.id)).one()
    assert (logged.day, logged.weight_kg) == (today, 71.5)
    day = Page(signed_in.get(f"/diary/{today}"))
    assert "logged: 71.5 kg" in day.words.replace("\xa0", " ")
    assert signed_in.post(day.form("/delete").action).location == f"/diary/{today}#weigh-in"
    assert kilograms(alice) == [71.46]

    assert "logged:" in Page(signed_in.get(f"/diary/{before}")).words
    assert not Page(signed_in.get(f"/diary/{today + timedelta(days=1)}")).has_form("/weights")
    wrong = signed_in.post(form.action, data={**form.data, "id": new_id(), "weight": "heavy"})
    assert wrong.status_code == 422
    assert Page(wrong).form("/weights", "weight").data["weight"] == "heavy"


def test_in_pounds_it_is_what_it_says(signed_in, alice):
    alice.units = "us"
    db.session.commit()

    signed_in.post("/weights", data={"id": new_id(), "weight": "160", "day": str(alice.today())})

    assert kilograms(alice) == [pytest.approx(72.5747792)]
    assert "160 lb" in Page(signed_in.get("/weights")).words.replace("\xa0", " ")


def test_no_weight_is_lost_between_pages(signed_in, alice):
    for back in range(61):
        Weight.log(alice, alice.today() - timedelta(days=back // 2), 70 + back, new_id(), "digest")
    db.session.commit()

    first = signed_in.get("/weights")
    before = next(link for link in Page(first).links if "before=" in link)
    second = signed_in.get(before)

    assert first.text.count("/delete") + second.text.count("/delete") == 61
    assert signed_in.get(f"/weights?before={new_id()}").status_code == 404


def test_a_strangers_weight_and_measurement_are_a_404(signed_in, sign_in, alice, bob):
    weight, waist = {"id": new_id(), "weight": "71.5", "day": str(alice.today())}, {"id": new_id()}
    signed_in.post("/weights", data=weight)
    signed_in.post("/measurements", data={**waist, "name": "Waist", "amount": "84", "unit": "cm"})
    stranger = sign_in(bob)

    assert stranger.get(f"/weights/{weight['id']}/edit").status_code == 404
    assert stranger.post(f"/weights/{weight['id']}", data={"weight": "80"}).status_code == 404
    assert stranger.get(f"/weights?before={weight['id']}").status_code == 404
    assert stranger.get(f"/measurements/{waist['id']}/edit").status_code == 404
    assert stranger.post(f"/measurements/{waist['id']}", data={"amount": "80"}).status_code == 404
    for ending in ("delete", "restoration"):
        for address in (f"/weights/{weight['id']}", f"/measurements/{waist['id']}"):
            assert stranger.post(f"{address}/{ending}").status_code == 404


def test_what_is_measured_is_offered_again_under_its_name(signed_in, alice):
    for name, unit, amount in (("Waist", "cm", "84"), ("waist", "number", "83.5")):
        sent = {"id": new_id(), "name": name, "unit": unit, "amount": amount}
        assert signed_in.post("/measurements", data=sent).status_code == 303
    (waist,) = Series.all_of(alice)
    assert (waist.name, waist.unit, waist.latest.amount) == ("Waist", "cm", 83.5)

    page = Page(signed_in.get("/measurements"))
    assert "From 83.5 cm to 84 cm" in page.words.replace("\xa0", " ")
    assert page.form("/measurements", "amount").data["amount"] == "83.5"

    signed_in.post(page.form("/delete").action)
    assert [each.amount for each in Series.all_of(alice)[0].measurements] == [84]


def test_a_measurement_is_changed_in_the_unit_that_it_was_made_in(signed_in, alice):
    alice.units = "us"
    db.session.commit()
    sent = {"id": new_id(), "name": "Waist", "unit": "cm", "amount": "33"}
    signed_in.post("/measurements", data=sent)
    address, before = f"/measurements/{sent['id']}", alice.today() - timedelta(days=1)
    form = Page(signed_in.get(f"{address}/edit")).form(address).data
    assert (form["amount"], form["day"]) == ("33", str(alice.today()))

    to_come = {"amount": "34", "day": str(alice.today() + timedelta(days=1))}
    assert signed_in.post(address, data=to_come).status_code == 422
    assert signed_in.post(address, data={"amount": "34", "day": str(before)}).status_code == 303

    latest = Series.all_of(alice)[0].latest
    assert (latest.amount, latest.day) == (pytest.approx(86.36), before)


def test_inches_are_kept_as_centimetres(signed_in, alice):
    alice.units = "us"
    db.session.commit()

    signed_in.post("/measurements", data={"id": new_id(), "name": "Waist", "unit": "cm", "amount": "33"})

    assert Series.all_of(alice)[0].latest.amount == pytest.approx(83.82)
    assert "33 in" in Page(signed_in.get("/measurements")).words.replace("\xa0", " ")
