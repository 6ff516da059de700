import re
from datetime import UTC, date, datetime, time

import pytest

from caloria.extensions import db
from caloria.models import Day
from caloria.models.ids import new_id

SAVED = {
    "name": "Alice",
    "time_zone": "Europe/Madrid",
    "day_starts_at": "00:00",
    "units": "metric",
    "energy_unit": "kcal",
    "language": "en",
}
CHOICES = ("time_zone", "day_starts_at", "units", "energy_unit", "language")
A_DAY = date(2026, 11, 21)


@pytest.fixture
def alices(sign_in, alice):
    return sign_in(alice)


def chosen(page: str, name: str) -> str | None:
    """What a select or the radio buttons of a page stand on, for a browser."""
    select = re.search(rf'<select[^>]*name="{name}".*?</select>', page, re.DOTALL)
    options = select[0] if select else " ".join(re.findall(rf'<input[^>]*name="{name}"[^>]*>', page))
    tags = re.findall(r"<(?:option|input)[^>]*>", options)
    found = [tag for tag in tags if "selected" in tag or "checked" in tag]
    if select and not found:
        found = tags
    return re.search(r'value="([^"]*)"', found[0])[1] if found else None


def test_what_one_changes_is_what_one_sees(alices, alice):
    changed = {
        "name": "Alice B.",
        "time_zone": "Pacific/Auckland",
        "day_starts_at": "04:00",
        "units": "us",
        "energy_unit": "kJ",
        "language": "es",
    }

    response = alices.post("/account", data=changed)

    assert (response.status_code, response.location) == (303, "/account")
    page = alices.get("/account").text
    assert 'value="Alice B."' in page
    assert {name: chosen(page, name) for name in CHOICES} == {name: changed[name] for name in CHOICES}


def test_saving_the_page_as_it_is_changes_nothing(alices, alice):
    alice.day_starts_at, alice.units = time(5), "us"
    db.session.commit()
    page = alices.get("/account").text

    shown = {name: chosen(page, name) for name in CHOICES}
    assert alices.post("/account", data={"name": "Alice", **shown}).status_code == 303

    db.session.refresh(alice)
    assert (alice.time_zone, alice.day_starts_at, alice.units) == ("Europe/Madrid", time(5), "us")


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        ({"name": ""}, "what to call you"),
        ({"name": "   "}, "what to call you"),
        ({"name": "x" * 101}, "keep this to 100 characters"),
        ({"time_zone": ""}, "choose your time zone"),
        ({"time_zone": "Europe/Atlantis"}, "choose your time zone"),
        ({"time_zone": "../../etc/passwd"}, "choose your time zone"),
        ({"time_zone": "localtime"}, "choose your time zone"),
        ({"day_starts_at": "23:00"}, "Not a valid choice"),
        ({"day_starts_at": "04:30"}, "Not a valid choice"),
        ({"units": "stone"}, "Not a valid choice"),
    ],
)
def test_what_cannot_be_is_refused_and_the_rest_kept(alices, alice, bad, sentence):
    response = alices.post("/account", data={**SAVED, "name": "Alice the Great", **bad})

    assert response.status_code == 422
    assert sentence in response.text
    if "name" not in bad:
        assert 'value="Alice the Great"' in response.text
    db.session.refresh(alice)
    assert (alice.name, alice.time_zone, alice.units) == ("Alice", "Europe/Madrid", "metric")


def test_moving_to_another_time_zone_moves_no_day(alices, alice):
    breakfast = Day(alice, A_DAY).meals[0].meal
    Day(alice, A_DAY).log_quick("Porridge", {"energy_kcal": 300.0}, breakfast, new_id(), "a form")
    db.session.commit()

    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC"):
        for start in ("06:00", "00:00"):
            alices.post("/account", data={**SAVED, "time_zone": zone, "day_starts_at": start})
            assert "Porridge" in alices.get("/diary/2026-11-21").text
            assert "Porridge" not in alices.get("/diary/2026-11-20").text
            assert "Porridge" not in alices.get("/diary/2026-11-22").text


def test_nobody_changes_what_the_page_does_not_offer(alices, alice, bob):
    forged = {"is_admin": "1", "active": "", "email": "bob@example.org", "user_id": bob.id, "id": bob.id}

    alices.post("/account", data={**SAVED, "name": "Alice B.", **forged, "password_hash": "x"})

    for person, name in ((alice, "Alice B."), (bob, "Bob")):
        db.session.refresh(person)
        assert (person.name, person.is_admin, person.active) == (name, False, True)
    assert alice.email == "alice@example.org"
    assert alice.password_hash.startswith("$argon2id$")


def test_a_name_is_shown_as_it_was_written(alices, alice):
    name = '<b>Ada</b> "Lovelace" & {{7*7}} \N{KIWIFRUIT} عليا'

    alices.post("/account", data={**SAVED, "name": name})

    db.session.refresh(alice)
    assert alice.name == name
    page = alices.get("/account").text
    assert "<b>Ada</b>" not in page
    assert "&lt;b&gt;Ada&lt;/b&gt; &#34;Lovelace&#34; &amp; {{7*7}} \N{KIWIFRUIT} عليا" in page


@pytest.mark.parametrize(
    ("zone", "start", "utc", "day"),
    [
        ("Europe/Madrid", "00:00", (2026, 11, 20, 23, 30), date(2026, 11, 21)),
        ("Europe/Madrid", "04:00", (2026, 11, 21, 2, 30), date(2026, 11, 20)),
        ("Pacific/Kiritimati", "00:00", (2026, 11, 20, 10, 0), date(2026, 11, 21)),
        ("Pacific/Pago_Pago", "00:00", (2026, 11, 21, 10, 59), date(2026, 11, 20)),
    ],
)
def test_today_is_the_persons_own_date(alices, alice, zone, start, utc, day):
    alices.post("/account", data={**SAVED, "time_zone": zone, "day_starts_at": start})

    db.session.refresh(alice)
    assert alice.today(datetime(*utc, tzinfo=UTC)) == day
