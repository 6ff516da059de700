"""What a person tells about their body, in their own units, and what is proposed from it."""

import re

import pytest
from sqlalchemy import func, select

from caloria.extensions import db
from caloria.models import Body, Weight
from caloria.models.clock import utc_now
from caloria.models.ids import new_id

METRIC = {
    "height": "170",
    "weight": "70",
    "birth_year": "1986",
    "sex": "female",
    "activity": "moderate",
    "aim": "keep",
    "pace": "0.25",
}


@pytest.fixture
def alices(sign_in, alice):
    return sign_in(alice)


def tell(browser, told=METRIC, **changed):
    return browser.post("/targets/body", data={"id": new_id(), **told, **changed})


def stored() -> tuple[float | None, float | None]:
    weight = db.session.scalar(select(Weight.weight_kg).order_by(Weight.id.desc()))
    return db.session.scalar(select(Body.height_cm)), weight


def shown(page: str, name: str) -> str:
    tag = re.search(rf'<input(?=[^>]*name="{name}")[^>]*>', page)[0]
    return re.search(r'value="([^"]*)"', tag)[1]


def test_what_is_told_leads_to_a_proposal_with_its_source(alices):
    response = tell(alices)
    assert (response.status_code, response.location) == (303, "/targets/new")

    page = alices.get("/targets/new").text

    assert "Mifflin-St Jeor" in page
    assert "not medical advice" in page
    age = utc_now().year - 1986
    kcal = round((10 * 70 + 6.25 * 170 - 5 * age - 161) * 1.6)
    assert f"About {kcal:,} kcal a day" in page
    assert shown(page, "energy_kcal") == str(kcal)


def test_metric_figures_are_kept_as_they_were_typed(alices):
    tell(alices, height="170.5", weight="70,25")

    assert stored() == (170.5, 70.25)


def test_everything_may_be_skipped(alices):
    page = alices.get("/targets/body").text
    assert 'href="/diary"' in page
    assert "Skip this" in page

    assert tell(alices, {"birth_year": "", "height": "", "weight": ""}).status_code == 303

    assert stored() == (None, None)
    page = alices.get("/targets/new")
    assert page.status_code == 200
    assert "kcal a day</h1>" not in page.text


@pytest.mark.parametrize(
    "bad",
    [
        {"height": "89.9"},
        {"height": "260.1"},
        {"height": "NaN"},
        {"weight": "19.9"},
        {"weight": "501"},
        {"weight": "1,234"},
        {"weight": "-70"},
        {"birth_year": "1899"},
        {"birth_year": "86"},
        {"birth_year": str(utc_now().year)},
        {"birth_year": "1986.5"},
        {"sex": "both"},
        {"activity": "none"},
        {"aim": "win"},
        {"pace": "2"},
    ],
)
def test_what_cannot_be_is_refused_and_the_text_kept(alices, bad):
    response = tell(alices, **bad)

    assert response.status_code == 422
    for name, text in bad.items():
        if name in ("height", "weight", "birth_year"):
            assert shown(response.text, name) == text
    assert stored() == (None, None)


def test_the_same_form_twice_notes_one_weight(alices):
    sent = {**METRIC, "id": new_id()}

    answers = [alices.post("/targets/body", data=sent).status_code for _ in range(2)]

    assert answers == [303, 303]
    assert db.session.scalar(select(func.count()).select_from(Weight)) == 1


def test_a_form_used_before_is_given_back_with_a_fresh_id(alices):
    sent = {**METRIC, "id": new_id()}
    alices.post("/targets/body", data=sent)

    response = alices.post("/targets/body", data={**sent, "weight": "75"})

    assert response.status_code == 422
    assert shown(response.text, "weight") == "75"
    fresh = shown(response.text, "id")
    assert fresh != str(sent["id"])
    assert stored()[1] == 70
    assert alices.post("/targets/body", data={**sent, "weight": "75", "id": fresh}).status_code == 303
    assert stored()[1] == 75


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"aim": "lose", "birth_year": "2012"}, "still be growing"),
        ({"aim": "lose", "weight": "50"}, "low end already"),
        ({"aim": "lose", "pace": "0.75", "weight": "60", "height": "160"}, "slowed the pace"),
        (
            {"aim": "lose", "pace": "0.5", "weight": "60", "height": "150", "activity": "low"},
            "suggest less than this",
        ),
    ],
)
def test_the_proposal_says_what_held_it_back(alices, told, sentence):
    tell(alices, **told)

    assert sentence in alices.get("/targets/new").text


def test_one_persons_body_is_not_anothers(alices, sign_in, bob):
    tell(alices)

    page = sign_in(bob).get("/targets/body").text

    assert "170" not in shown(page, "height")
    assert "kcal a day</h1>" not in sign_in(bob).get("/targets/new").text
