import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from caloria.extensions import db
from caloria.models import Target
from caloria.models.ids import new_id

AIM = {
    "energy_kcal": "2000",
    "protein_g": "100",
    "carbohydrate_g": "225",
    "fat_g": "70",
    "fiber_g": "",
    "starts_on": "2026-01-01",
}


@pytest.fixture
def alices(sign_in, alice):
    return sign_in(alice)


def aim(browser, **changed):
    return browser.post("/targets", data={"id": new_id(), **AIM, **changed})


def shown(page: str, name: str) -> str:
    tag = re.search(rf'<input(?=[^>]*name="{name}")[^>]*>', page)[0]
    return re.search(r'value="([^"]*)"', tag)[1]


def targets() -> int:
    return db.session.scalar(select(func.count()).select_from(Target))


def left(browser, day) -> str | None:
    """The kcal that the page of a day says are left."""
    page = re.sub(r"<[^>]+>", " ", browser.get(f"/diary/{day}").text)
    found = re.search(r"([\d,]+)\s+kcal left", page)
    return found and found[1]


def test_a_target_shows_what_is_left_of_the_day(alices):
    response = aim(alices)

    assert (response.status_code, response.location) == (303, "/diary")
    assert left(alices, "2026-06-01") == "2,000"


def test_a_past_day_keeps_the_target_it_had(alices):
    aim(alices)
    aim(alices, energy_kcal="1800", starts_on="2026-03-01")

    assert left(alices, "2025-12-31") is None
    assert left(alices, "2026-01-01") == "2,000"
    assert left(alices, "2026-02-28") == "2,000"
    assert left(alices, "2026-03-01") == "1,800"
    assert left(alices, "2026-12-31") == "1,800"


def test_a_new_target_begins_today_unless_another_date_is_chosen(alices, alice):
    aim(alices)

    assert shown(alices.get("/targets/new").text, "starts_on") == alice.today().isoformat()
    aim(alices, energy_kcal="1700", starts_on=alice.today().isoformat())
    assert left(alices, alice.today()) == "1,700"
    assert left(alices, alice.today() - timedelta(days=1)) in ("2,000", None)


def test_a_target_for_the_same_date_replaces_the_one_before(alices):
    aim(alices)
    aim(alices, energy_kcal="2100")

    assert left(alices, "2026-01-01") == "2,100"
    assert targets() == 1


def test_the_page_lists_every_target_the_newest_first(alices):
    aim(alices)
    aim(alices, energy_kcal="1800", starts_on="2026-03-01")

    page = alices.get("/targets").text

    assert page.index("1,800") < page.index("2,000")


def test_a_target_may_be_energy_alone(alices):
    assert aim(alices, protein_g="", carbohydrate_g="", fat_g="").status_code == 303

    stored = db.session.scalar(select(Target))
    assert (stored.energy_kcal, stored.protein_g, stored.fiber_g) == (2000, None, None)


@pytest.mark.parametrize(
    "bad",
    [
        {"energy_kcal": ""},
        {"energy_kcal": "499"},
        {"energy_kcal": "10001"},
        {"energy_kcal": "nan"},
        {"energy_kcal": "1e3"},
        {"energy_kcal": "2,000"},
        {"protein_g": "-1"},
        {"fat_g": "2001"},
        {"fiber_g": "lots"},
        {"starts_on": ""},
        {"starts_on": "2026-02-30"},
        {"starts_on": "0001-01-01"},
        {"starts_on": "1899-12-31"},
        {"starts_on": "2201-01-01"},
        {"starts_on": "9999-12-31"},
        {"starts_on": "10000-01-01"},
        {"starts_on": "tomorrow"},
    ],
)
def test_what_cannot_be_is_refused_and_the_text_kept(alices, bad):
    response = aim(alices, **{"carbohydrate_g": "221.5", **bad})

    assert response.status_code == 422
    for name, text in {"carbohydrate_g": "221.5", **bad}.items():
        assert shown(response.text, name) == text
    assert targets() == 0


def test_a_target_without_a_date_field_is_refused(alices):
    sent = {name: text for name, text in AIM.items() if name != "starts_on"}

    assert alices.post("/targets", data={"id": new_id(), **sent}).status_code == 422
    assert targets() == 0


def test_the_same_form_twice_sets_one_target(alices):
    sent = {"id": new_id(), **AIM}

    assert [alices.post("/targets", data=sent).status_code for _ in range(2)] == [303, 303]
    assert targets() == 1


def test_a_form_used_before_is_given_back_with_a_fresh_id(alices):
    sent = {"id": new_id(), **AIM}
    alices.post("/targets", data=sent)

    response = alices.post("/targets", data={**sent, "energy_kcal": "1500"})

    assert response.status_code == 422
    assert shown(response.text, "energy_kcal") == "1500"
    fresh = shown(response.text, "id")
    assert fresh != str(sent["id"])
    assert left(alices, "2026-01-01") == "2,000"
    assert alices.post("/targets", data={**sent, "energy_kcal": "1500", "id": fresh}).status_code == 303
    assert left(alices, "2026-01-01") == "1,500"


def test_the_form_that_replaced_a_target_cannot_be_used_again_either(alices):
    aim(alices)
    sent = {"id": new_id(), **AIM, "energy_kcal": "2100"}
    alices.post("/targets", data=sent)

    response = alices.post("/targets", data={**sent, "energy_kcal": "1500"})

    assert response.status_code == 422
    assert left(alices, "2026-01-01") == "2,100"


def test_an_old_form_that_arrives_late_changes_nothing_back(alices):
    earlier, later = sorted((new_id(), new_id()))
    first, second = {"id": earlier, **AIM}, {"id": later, **AIM, "energy_kcal": "2100"}
    for sent in (first, second, first):
        alices.post("/targets", data=sent)

    assert left(alices, "2026-01-01") == "2,100"


def test_one_persons_target_is_not_anothers(alices, sign_in, bob):
    sent = {"id": new_id(), **AIM}
    alices.post("/targets", data=sent)

    assert "2,000" not in sign_in(bob).get("/targets").text
    assert sign_in(bob).post("/targets", data={**sent, "energy_kcal": "1900"}).status_code == 303
    assert left(alices, "2026-01-01") == "2,000"


def test_a_target_in_kilojoules_is_filled_in_whole(sign_in, make_person):
    kims = sign_in(make_person("Kim", energy_unit="kJ"))
    aim(kims, energy_kcal="8000", monday_kcal="8111")
    body = {"height": "170", "weight": "70", "birth_year": "1990", "sex": "female", "aim": "keep"}
    kims.post("/targets/body", data={"id": new_id(), **body, "pace": "0.25", "activity": "low"})

    page = kims.get("/targets/new").text

    assert shown(page, "energy_kcal").isdigit()
    assert shown(page, "monday_kcal") == "8111"
