"""A body in feet, inches and pounds."""

import re

import pytest
from sqlalchemy import func, select

from caloria.extensions import db
from caloria.models import Body, Weight
from caloria.models.ids import new_id

US = {
    "feet": "5",
    "inches": "11.5",
    "weight": "154.5",
    "birth_year": "1986",
    "sex": "female",
    "activity": "moderate",
    "aim": "keep",
    "pace": "0.25",
}


@pytest.fixture
def alices(sign_in, alice):
    alice.units = "us"
    db.session.commit()
    return sign_in(alice)


def tell(browser, **changed):
    return browser.post("/targets/body", data={"id": new_id(), **US, **changed})


def stored() -> tuple[float | None, float | None]:
    weight = db.session.scalar(select(Weight.weight_kg).order_by(Weight.id.desc()))
    return db.session.scalar(select(Body.height_cm)), weight


def shown(page: str, name: str) -> str:
    tag = re.search(rf'<input(?=[^>]*name="{name}")[^>]*>', page)[0]
    return re.search(r'value="([^"]*)"', tag)[1]


def test_us_figures_are_converted_exactly(alices):
    tell(alices)

    assert stored() == ((5 * 12 + 11.5) * 2.54, 154.5 * 0.45359237)


def test_inches_and_feet_are_shown_as_they_were_typed(alices):
    tell(alices)

    page = alices.get("/targets/body").text

    assert [shown(page, name) for name in ("feet", "inches", "weight")] == ["5", "11.5", "154.5"]


def test_telling_the_same_again_notes_no_second_weight(alices):
    tell(alices)
    before = stored()
    page = alices.get("/targets/body").text

    tell(alices, **{name: shown(page, name) for name in ("feet", "inches", "weight")})

    assert stored() == before
    assert db.session.scalar(select(func.count()).select_from(Weight)) == 1


@pytest.mark.parametrize(
    "bad",
    [
        {"weight": "44"},
        {"weight": "1103"},
        {"feet": "8", "inches": "6.5"},
        {"feet": "2"},
        {"feet": "9"},
        {"inches": "12"},
        {"feet": "", "inches": "5"},
    ],
)
def test_us_figures_have_the_same_bounds(alices, bad):
    response = tell(alices, **bad)

    assert response.status_code == 422
    assert stored() == (None, None)


@pytest.mark.parametrize("edge", [{"weight": "45"}, {"weight": "1102"}, {"feet": "8", "inches": "6"}])
def test_us_figures_at_the_bounds_are_taken(alices, edge):
    assert tell(alices, **edge).status_code == 303
