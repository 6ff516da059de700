"""The page of a day: what is left, its neighbours, and what it offers at this hour."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from pages import Page
from sqlalchemy import select

from caloria.extensions import db
from caloria.models import Day, Entry, Portion, Target
from caloria.models.ids import new_id

TODAY = date(2026, 11, 21)


def zone_where_it_is(hour: int) -> str:
    """A time zone in which a clock shows this hour now."""
    ahead = (hour - datetime.now(UTC).hour + 12) % 24 - 12
    return f"Etc/GMT{-ahead:+d}" if ahead else "UTC"  # their signs are the wrong way round


def log(person, food, grams=100.0, day=TODAY, meal=0) -> Entry:
    diary = Day(person, day)
    entry = diary.log(food, Portion.of_grams(1), grams, diary.meals[meal].meal, new_id(), "a form")
    db.session.commit()
    return entry


def aim(person, energy_kcal, starts_on=TODAY, **grams) -> None:
    Target.set(person, starts_on, {"energy_kcal": energy_kcal, **grams}, new_id(), "a form")
    db.session.commit()


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC"])
def test_the_diary_opens_today_where_the_person_lives(sign_in, make_person, zone):
    traveller = make_person("Traveller", time_zone=zone)

    response = sign_in(traveller).get("/diary")

    assert response.status_code == 303
    assert response.location == f"/diary/{traveller.today()}"


def test_before_the_day_starts_it_is_still_yesterday(sign_in, make_person):
    owl = make_person("Owl", time_zone=zone_where_it_is(1), day_starts_at=time(4))
    yesterday = owl.local_time().date() - timedelta(days=1)

    response = sign_in(owl).get("/diary", follow_redirects=True)

    assert response.request.path == f"/diary/{yesterday}"
    assert "Today" in Page(response).words


def test_an_empty_day_is_zero_and_not_unknown(signed_in, alice):
    aim(alice, 2000)

    words = Page(signed_in.get(f"/diary/{TODAY}")).words

    assert "2,000 kcal left" in words
    assert "0 of 2,000 kcal" in words
    assert "nown for" not in words


def test_what_is_left_is_the_target_less_what_was_eaten(signed_in, alice, oats, milk):
    aim(alice, 2000, protein_g=100)
    log(alice, oats, 100)
    log(alice, milk, 250, meal=3)

    words = Page(signed_in.get(f"/diary/{TODAY}")).words

    assert "1,470 kcal left" in words  # 2000 - 380 - 150
    assert "21 / 100 g" in words


def test_more_than_the_target_is_said_without_blame(signed_in, alice, oats):
    aim(alice, 500)
    log(alice, oats, 200)

    assert "260 kcal over" in Page(signed_in.get(f"/diary/{TODAY}")).words


def test_a_sum_says_for_how_many_entries_it_is_known(signed_in, alice, oats, milk):
    log(alice, oats)
    log(alice, milk)

    assert "known for 1 of 2" in Page(signed_in.get(f"/diary/{TODAY}")).words


def test_what_is_known_for_as_many_entries_is_said_in_one_sentence(signed_in, alice, oats, make_food):
    log(alice, oats)
    log(alice, make_food("Syrup", energy_kcal=300, carbohydrate_g=75))

    assert "Known for 1 of 2: protein and fat" in Page(signed_in.get(f"/diary/{TODAY}")).words


def test_a_day_without_a_target_shows_what_was_eaten_and_the_way_to_one(signed_in, alice, oats):
    log(alice, oats)
    page = Page(signed_in.get(f"/diary/{TODAY}"))

    assert "380 kcal eaten" in page.words
    assert "/targets/new" in page.links


def test_each_day_leads_to_its_neighbours(signed_in):
    links = Page(signed_in.get("/diary/2028-02-29")).links

    assert "/diary/2028-02-28" in links
    assert "/diary/2028-03-01" in links


@pytest.mark.parametrize(("day", "neighbour"), [("1900-01-01", "1899-12-31"), ("2200-12-31", "2201-01-01")])
def test_the_first_and_the_last_day_have_one_neighbour(signed_in, day, neighbour):
    response = signed_in.get(f"/diary/{day}")

    assert response.status_code == 200
    assert neighbour not in response.get_data(as_text=True)


def test_tomorrow_can_be_planned(signed_in, alice, oats):
    tomorrow = alice.today() + timedelta(days=1)
    log(alice, oats, day=tomorrow)

    assert "Oats, dry" in Page(signed_in.get(f"/diary/{tomorrow}")).words


@pytest.mark.parametrize(
    "day",
    [
        "2026-02-30",
        "2026-13-01",
        "2027-02-29",
        "0001-01-01",
        "0000-00-00",
        "1899-12-31",
        "2201-01-01",
        "9999-12-31",
        "10000-01-01",
        "20261121",
        "2026-W47-6",
        "2026-1-1",
        "today",
        "-2026-01-01",
        "2026-11-21T00:00",
        "٢٠٢٦-١١-٢١",
    ],
)
def test_what_is_no_day_of_a_diary_is_a_404(signed_in, day):
    assert signed_in.get(f"/diary/{day}").status_code == 404
    for form in ("entries", "quick-entries", "repeats"):
        assert signed_in.post(f"/diary/{day}/{form}").status_code == 404


@pytest.mark.parametrize(
    ("hour", "meal"), [(1, "Dinner"), (8, "Breakfast"), (12, "Lunch"), (16, "Snacks"), (20, "Dinner")]
)
def test_the_meal_of_the_persons_own_hour_is_offered(sign_in, make_person, hour, meal):
    eater = make_person("Eater", time_zone=zone_where_it_is(hour))
    day = Day(eater, eater.today())
    chosen = next(of_day.meal for of_day in day.meals if of_day.meal.name == meal)

    page = Page(sign_in(eater).get(f"/diary/{day.date}"))

    assert page.form("/quick-entries").data["meal_id"] == str(chosen.id)
    assert page.form("/foods/search").data["meal"] == str(chosen.id)


def test_what_is_usual_now_is_logged_with_one_tap_as_it_was_last(sign_in, make_person, oats):
    eater = make_person("Eater", time_zone=zone_where_it_is(8))
    today = eater.today()
    log(eater, oats, 60, day=today - timedelta(days=2))
    log(eater, oats, 80, day=today - timedelta(days=1))
    log(eater, oats, 500, day=today - timedelta(days=1), meal=2)
    signed_in = sign_in(eater)

    tile = Page(signed_in.get(f"/diary/{today}")).press("/repeats")
    response = signed_in.post(tile.action, data=tile.data)

    assert response.status_code == 303
    entry = db.session.scalar(select(Entry).where(Entry.day == today))
    assert (entry.name, entry.portion_amount, entry.meal_id) == (
        "Oats, dry",
        80,
        Day(eater, today).meals[0].meal.id,
    )
    assert "304 kcal" in Page(signed_in.get(response.location)).words


@pytest.mark.parametrize("hour", [0, 3, 4, 6, 10, 11, 13, 15, 16, 17, 19, 23])
def test_at_every_hour_what_is_usual_then_is_one_tap_away(sign_in, make_person, oats, hour):
    eater = make_person("Eater", time_zone=zone_where_it_is(hour))
    for meal in range(4):
        log(eater, oats, 10 + meal, day=eater.today() - timedelta(days=1), meal=meal)
    signed_in = sign_in(eater)

    tile = Page(signed_in.get("/diary", follow_redirects=True)).press("/repeats")

    assert signed_in.post(tile.action, data=tile.data).status_code == 303
    logged = db.session.scalar(select(Entry).order_by(Entry.day.desc(), Entry.id.desc()))
    assert (str(logged.day), str(logged.meal_id)) == (tile.action.split("/")[2], tile.data["meal_id"])


def test_what_was_planned_for_tomorrow_is_not_usual_yet(signed_in, alice, oats):
    tomorrow = alice.today() + timedelta(days=1)
    for meal in range(4):
        log(alice, oats, day=tomorrow, meal=meal)

    assert not Page(signed_in.get(f"/diary/{alice.today()}")).has_form("/repeats")


def test_names_are_shown_as_they_were_typed_and_never_as_markup(signed_in, alice, make_food):
    log(alice, make_food("<b>Brød & \u202eتمر 🥖", owner=alice, energy_kcal=250))

    response = signed_in.get(f"/diary/{TODAY}")

    assert "<b>Brød" not in response.get_data(as_text=True)
    assert "<b>Brød & \u202eتمر 🥖" in Page(response).words
