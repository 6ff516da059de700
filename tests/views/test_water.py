"""Water of a day."""

from datetime import date

import pytest
from pages import Page

from caloria.extensions import db
from caloria.models import Day, DayExtras
from caloria.models.ids import new_id

SATURDAY = date(2026, 11, 21)
DRINKS = f"/diary/{SATURDAY}/drinks"


def drunk(person, day=SATURDAY) -> float:
    return DayExtras(Day(person, day)).water_ml


def test_glasses_add_up_and_the_last_is_taken_back(signed_in, alice):
    sent = {"id": new_id(), "water_ml": "250"}
    for said in (sent, sent, {"id": new_id(), "water_ml": "330,5"}):
        assert signed_in.post(DRINKS, data=said).status_code == 303
    assert drunk(alice) == 580.5
    assert drunk(alice, date(2026, 11, 20)) == 0

    last = DayExtras(Day(alice, SATURDAY)).last_drink_id
    signed_in.post(f"{DRINKS}/{last}/delete")
    assert drunk(alice) == 250
    signed_in.post(f"{DRINKS}/{last}/restoration")
    assert drunk(alice) == 580.5
    assert signed_in.post(DRINKS, data={**sent, "water_ml": "500"}).status_code == 422


def test_a_glass_of_eight_fluid_ounces_is_what_it_says(signed_in, alice):
    alice.units = "us"
    db.session.commit()

    answer = signed_in.post(DRINKS, data={"id": new_id(), "fluid_ounces": "a glass"})
    assert answer.status_code == 422
    assert 'value="a glass"' in answer.text
    signed_in.post(DRINKS, data=Page(answer).form("/drinks", "fluid_ounces").data)

    assert drunk(alice) == pytest.approx(236.5882365)
    again = signed_in.post(DRINKS, data={"id": new_id(), "fluid_ounces": ""})
    assert "8 fl oz" in Page(again).words


@pytest.mark.parametrize("amount", ["", "0.5", "5001", "NaN"])
def test_what_is_no_glass_is_told_and_kept(signed_in, alice, amount):
    answer = signed_in.post(DRINKS, data={"id": new_id(), "water_ml": amount})

    assert answer.status_code == 422
    assert drunk(alice) == 0


def test_a_strangers_glass_is_a_404(sign_in, signed_in, bob, alice):
    sent = {"id": new_id(), "water_ml": "250"}
    signed_in.post(DRINKS, data=sent)

    for ending in ("delete", "restoration"):
        assert sign_in(bob).post(f"{DRINKS}/{sent['id']}/{ending}").status_code == 404
        assert signed_in.post(f"/diary/2026-11-20/drinks/{sent['id']}/{ending}").status_code == 404
    assert (drunk(alice), drunk(bob)) == (250, 0)
