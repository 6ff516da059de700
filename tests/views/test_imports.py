"""Bringing a diary along from another tracker, without JavaScript."""

from datetime import date, timedelta

import pytest
from imported_files import (
    CRONOMETER,
    CRONOMETER_WEIGHTS,
    LOSEIT,
    MYFITNESSPAL,
    MYFITNESSPAL_WEIGHTS,
    preview_form,
    upload,
    zipped,
)
from pages import Page
from sqlalchemy import func, select

from caloria.extensions import db
from caloria.models import (
    Act,
    AuditEvent,
    Day,
    DayNote,
    DiaryImport,
    Drink,
    Entry,
    Meals,
    Measurement,
    Weight,
)
from caloria.models.clock import utc_now
from caloria.models.diary_import import MOST_WAITING, WAITS
from caloria.models.meals import MOST
from caloria.operations import consistency

ZIP = zipped({"Nutrition-Summary.csv": MYFITNESSPAL, "Measurement-Summary.csv": MYFITNESSPAL_WEIGHTS})


def bring(browser, content: bytes | str, **choices) -> Page:
    """Send a file, and import it as the page offers, or as is chosen."""
    form = preview_form(Page(upload(browser, content)))
    return Page(browser.post(form.action, data={**form.data, **choices}, follow_redirects=True))


def live() -> list[tuple]:
    rows = select(Entry.day, Entry.name, Entry.energy_kcal).where(Entry.deleted_at.is_(None))
    return [tuple(row) for row in db.session.execute(rows.order_by(Entry.day, Entry.created_at, Entry.id))]


def weights() -> list[float]:
    return [round(kg, 2) for kg in db.session.scalars(select(Weight.weight_kg).order_by(Weight.day))]


def test_a_file_is_looked_at_before_anything_is_imported(signed_in):
    page = Page(upload(signed_in, ZIP, "File-Export.zip"))

    for words in ("MyFitnessPal", "foods 3", "days 2", "weights 2", "Pre-Workout", "1 Mar 2026"):
        assert words in page.words
    assert (live(), weights()) == ([], [])
    assert "File-Export.zip" in Page(signed_in.get("/account/imports")).words


def test_entries_come_with_their_own_figures_at_the_chosen_meals(signed_in, alice):
    dinner = Day(alice, date(2026, 3, 1)).meals[2].meal
    page = Page(upload(signed_in, ZIP))
    form = preview_form(page)
    assert form.data["meals-0"] == str(Day(alice, date(2026, 3, 1)).meals[0].meal.id)

    said = {**form.data, "meals-1": dinner.id, "weight_unit": "lb", "energy_unit": "kJ"}
    done = Page(signed_in.post(form.action, data=said, follow_redirects=True))

    assert "Imported. foods 3 weights 2" in done.words
    assert [(name, round(kcal)) for _, name, kcal in live()] == [
        ("MyFitnessPal Breakfast", 242),
        ("MyFitnessPal Pre-Workout", 36),
        ("MyFitnessPal Breakfast", 100),
    ]
    workout = db.session.scalars(select(Entry).where(Entry.name.contains("Workout"))).one()
    assert (workout.meal_id, workout.fiber_g, workout.food_id) == (dinner.id, None, None)
    assert weights() == [77.34, 77.11]
    assert "MyFitnessPal Pre-Workout" in Page(signed_in.get("/diary/2026-03-01")).words


def test_the_same_file_twice_and_one_that_overlaps_change_nothing_twice(signed_in):
    bring(signed_in, CRONOMETER)
    before = live()
    again = Page(upload(signed_in, CRONOMETER, "another name.csv"))
    assert "All of this is here already" in again.words
    form = preview_form(again)
    assert "nothing changed" in Page(signed_in.post(form.action, data=form.data, follow_redirects=True)).words
    assert live() == before

    more = CRONOMETER + "2026-03-03,,Lunch,Tea,250.00 g,0,0,0,0,0,0,0,0,,Drinks\n"
    assert "food 1" in bring(signed_in, more).words
    assert live()[:-1] == before
    assert live()[-1][0] == date(2026, 3, 3)


def test_what_comes_from_elsewhere_agrees_with_itself(app, signed_in):
    soon = utc_now().date() + timedelta(days=9)
    wrong = f"{soon},,Lunch,Wrong,1.00 g,100,20,20,5,5,1,,,,x\n1899-03-03,,Lunch,Old,1.00 g,,,,,,,,,,x\n"
    bring(signed_in, CRONOMETER + wrong)

    passes = consistency.passes(app.extensions["caloria_config"], db.metadata)
    found = [each.find(db.session.connection()) for each in passes if each.name == "entries"]
    assert found == [[]] * len(found) != []
    (later,) = db.session.scalars(select(Entry).where(Entry.day == soon))
    assert (later.planned, later.gram_weight) == (True, None)


def test_an_import_sent_twice_is_done_once(signed_in):
    form = preview_form(Page(upload(signed_in, ZIP)))

    answers = [signed_in.post(form.action, data=form.data).status_code for _ in range(2)]

    assert answers == [303, 303]
    assert (len(live()), len(weights()), db.session.scalar(select(func.count()).select_from(Act))) == (
        3,
        2,
        1,
    )
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.act == "diary import")).one()
    assert event.after == {"from": "MyFitnessPal", "entries": 3, "weights": 2, "notes": 1}


def test_an_import_is_taken_back_as_a_whole_and_brought_back(signed_in):
    page = bring(signed_in, ZIP)
    taken_back = Page(signed_in.post(page.form("/undo").action, follow_redirects=True))
    assert (live(), weights()) == ([], [])

    signed_in.post(taken_back.form("/redo").action)
    assert (len(live()), len(weights())) == (3, 2)


def test_what_was_changed_or_deleted_since_does_not_stand_in_the_way_of_taking_it_back(signed_in):
    page = bring(signed_in, CRONOMETER)
    oats, apple = db.session.scalars(
        select(Entry).where(Entry.day == date(2026, 3, 1)).order_by(Entry.created_at)
    )
    signed_in.post(f"/diary/2026-03-01/entries/{oats.id}", data={"amount": "100"})
    signed_in.post(f"/diary/2026-03-01/entries/{apple.id}/delete")

    back = Page(signed_in.post(page.form("/undo").action, follow_redirects=True))
    assert live() == []

    signed_in.post(back.form("/redo").action)
    assert [name for _, name, _ in live()] == ["Oats"]


BESIDE = zipped(
    {
        "servings.csv": CRONOMETER,
        "biometrics.csv": CRONOMETER_WEIGHTS
        + "2026-03-01,,,Body Fat,%,21.5\n2026-03-01,,,Waist Size,in,30\n",
        "notes.csv": "Day,Group,Note\n2026-03-01,,Slept well\n2026-03-02,,=1+1\n",
        "exercises.csv": "Day,Group,Exercise,Minutes,Calories Burned\n2026-03-01,,Run,30,-300\n",
    }
)


def beside() -> list:
    measured = select(Measurement.name, Measurement.unit, Measurement.amount).order_by(Measurement.name)
    notes = select(DayNote.day, DayNote.text).where(DayNote.text != "").order_by(DayNote.day)
    every = (measured, select(Drink.water_ml).where(Drink.deleted_at.is_(None)), notes)
    return [[tuple(row) for row in db.session.execute(each)] for each in every]


def test_water_measurements_and_notes_come_along_and_exercises_are_said_to_stay(signed_in, alice):
    db.session.add(DayNote(user_id=alice.id, day=date(2026, 3, 2), text="Mine"))
    db.session.commit()
    page = Page(upload(signed_in, BESIDE))
    assert "exercises.csv, 1 row: Caloria keeps no exercises." in page.words
    form = preview_form(page)
    done = Page(signed_in.post(form.action, data=form.data, follow_redirects=True))

    came = beside()
    assert came == [
        [("Body fat", "percent", 21.5), ("Heart Rate (bpm)", "number", 61), ("Waist", "cm", 76.2)],
        [(250,)],
        [(date(2026, 3, 1), "Slept well"), (date(2026, 3, 2), "Mine\n=1+1")],
    ]
    assert "measurements 3 drink 1 notes 2" in done.words
    assert "nothing to import" in Page(upload(signed_in, BESIDE, "again.zip")).words

    db.session.get(DayNote, (alice.id, date(2026, 3, 1))).text = "Slept well, after all"
    db.session.scalars(select(Drink)).one().delete()
    db.session.commit()
    back = Page(signed_in.post(done.form("/undo").action, follow_redirects=True))
    assert beside() == [[], [], [(date(2026, 3, 1), "Slept well, after all"), (date(2026, 3, 2), "Mine")]]

    signed_in.post(back.form("/redo").action)
    assert beside() == [came[0], [], [(date(2026, 3, 1), "Slept well, after all"), came[2][1]]]


def test_a_meal_without_a_counterpart_becomes_one_of_its_name(signed_in, alice):
    form = preview_form(Page(upload(signed_in, ZIP)))
    done = Page(signed_in.post(form.action, data={**form.data, "meals-1": "new"}, follow_redirects=True))

    workout = db.session.scalars(select(Entry).where(Entry.name.contains("Workout"))).one()
    assert (workout.meal.name, [meal.name for meal in Meals(alice).in_use].count("Pre-Workout")) == (
        "Pre-Workout",
        1,
    )
    back = Page(signed_in.post(done.form("/undo").action, follow_redirects=True))
    db.session.expire_all()
    assert "Pre-Workout" not in [meal.name for meal in Meals(alice).in_use]
    signed_in.post(back.form("/redo").action)
    db.session.expire_all()
    assert "Pre-Workout" in [meal.name for meal in Meals(alice).in_use]


def test_more_meals_than_a_day_has_room_for_are_told(signed_in):
    rows = "".join(f"2026-03-01,Meal {n},100,1,1\n" for n in range(MOST))
    form = preview_form(
        Page(upload(signed_in, "Date,Meal,Calories,Saturated Fat,Carbohydrates (g)\n" + rows))
    )
    answer = signed_in.post(form.action, data={**form.data, **{f"meals-{n}": "new" for n in range(MOST)}})

    assert answer.status_code == 422
    assert "A day has room for 12 meals" in Page(answer).words
    assert live() == []


def test_another_name_keeps_every_figure_and_another_figure_only_those_beside_it(signed_in):
    bring(signed_in, ZIP)
    entry = db.session.scalars(select(Entry).where(Entry.day == date(2026, 3, 2))).one()
    address = f"/diary/2026-03-02/entries/{entry.id}"
    form = Page(signed_in.get(address + "/edit")).form(str(entry.id), asks="energy_kcal")

    signed_in.post(form.action, data={**form.data, "name": "Porridge"})
    db.session.refresh(entry)
    assert (entry.name, entry.energy_kcal, entry.sodium_mg) == ("Porridge", 420, 250)

    signed_in.post(form.action, data={**form.data, "energy_kcal": "210"})
    db.session.refresh(entry)
    assert (entry.energy_kcal, entry.sodium_mg) == (210, None)


def test_what_was_taken_back_can_be_imported_once_more_in_another_way(signed_in, alice):
    page = bring(signed_in, CRONOMETER)
    signed_in.post(page.form("/undo").action)
    meals = Day(alice, date(2026, 3, 1)).meals

    done = bring(signed_in, CRONOMETER, **{"meals-0": meals[3].meal.id})
    assert "foods 2" in done.words
    oats = db.session.scalars(select(Entry).where(Entry.name == "Oats")).one()
    assert (oats.meal_id, oats.deleted_at) == (meals[3].meal.id, None)

    signed_in.post(page.form("/undo").action.replace("/undo", "/redo"))
    signed_in.post(done.form("/undo").action)
    assert live() == []


def test_what_somebody_deleted_does_not_come_back_with_the_file(signed_in):
    bring(signed_in, LOSEIT)
    chicken = db.session.scalars(select(Entry).where(Entry.name == "Chicken")).one()
    signed_in.post(f"/diary/{chicken.day}/entries/{chicken.id}/delete")

    bring(signed_in, LOSEIT + "03/16/2026,Rice,Rice,Lunch,90,Grams,310,false,1,6,70,0,0,1,0,5\n")

    assert [name for _, name, _ in live()] == ["Bagel (1 Each)", "Rice"]


def test_days_that_have_something_can_be_left_as_they_are(signed_in, alice, oats):
    day = Day(alice, date(2026, 3, 14))
    signed_in.post(
        "/diary/2026-03-14/quick-entries",
        data={"id": oats.id, "meal_id": day.meals[0].meal.id, "name": "Soup", "energy_kcal": "90"},
    )
    page = Page(upload(signed_in, LOSEIT))
    assert "1 of its days has something else already" in page.words

    form = preview_form(page)
    signed_in.post(form.action, data={**form.data, "days": "empty"})

    assert [name for _, name, _ in live()] == ["Soup", "Bagel (1 Each)"]


def test_dates_that_may_be_either_are_asked_for_and_times_choose_a_meal(signed_in, alice):
    head = "Date,Time,Food Name,Serving Size,Serving Qty,Serving Weight (g),Calories (kcal)\n"
    page = Page(upload(signed_in, head + "4/9/2026,8:00 PM,Rice,g,100,1,130\n"))
    assert "How are its dates written?" in page.words

    form = preview_form(page)
    signed_in.post(form.action, data={**form.data, "date_order": "day"})

    (rice,) = db.session.scalars(select(Entry))
    assert (rice.day, f"{rice.eaten_at:%H:%M}", rice.gram_weight) == (date(2026, 9, 4), "20:00", 100)
    assert rice.meal_id == Day(alice, rice.day).meals[2].meal.id


def test_rows_that_cannot_be_read_are_told_with_their_lines(signed_in):
    page = Page(
        upload(signed_in, LOSEIT + "03/16/2026,Rice,Rice,Lunch,90,Grams,=1+1,false,1,6,70,0,0,1,0,5\n")
    )

    assert "1 row cannot be read" in page.words
    assert "export.csv, line 5: “=1+1” in the column Calories is no number." in page.words


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "nothing in this file"), (b"a,b\n1,2\n", "of a kind that we do not know"), (b"PK\3\4", "damaged")],
)
def test_a_file_that_cannot_be_read_is_refused_kindly_and_nothing_is_kept(signed_in, content, says):
    answer = upload(signed_in, content)

    assert answer.status_code == 422
    assert says in Page(answer).words
    assert db.session.scalar(select(func.count()).select_from(DiaryImport)) == 0


def test_no_file_and_a_file_that_is_too_large_are_refused(signed_in):
    form = Page(signed_in.get("/account/imports")).form("/account/imports")

    assert signed_in.post(form.action, data=form.data).status_code == 422
    large = {"data": b"x" * 10_600_000, "content_type": "multipart/form-data; boundary=x", "csrf": False}
    assert signed_in.post(form.action, **large).status_code == 413


def test_an_upload_is_nobody_elses(signed_in, sign_in, bob):
    form = preview_form(Page(upload(signed_in, ZIP)))
    stranger = sign_in(bob)

    assert stranger.get(form.action).status_code == 404
    for verb in ("", "/delete", "/undo", "/redo"):
        assert stranger.post(form.action + verb, data={"days": "all"}).status_code == 404
    assert live() == []


def test_a_file_is_thrown_away_and_old_ones_are_forgotten(signed_in, alice):
    form = preview_form(Page(upload(signed_in, ZIP)))
    signed_in.post(form.action + "/delete")
    assert signed_in.get(form.action).status_code == 404

    for number in range(MOST_WAITING + 2):
        upload(signed_in, LOSEIT + " " * number)
    count = select(func.count()).select_from(DiaryImport)
    assert db.session.scalar(count) == MOST_WAITING
    bring(signed_in, LOSEIT)
    db.session.execute(DiaryImport.__table__.update().values(created_at=utc_now() - WAITS * 2))
    DiaryImport.prune()
    assert db.session.scalar(count) == 1


def test_a_meal_of_somebody_else_is_no_choice(signed_in, bob):
    form = preview_form(Page(upload(signed_in, ZIP)))
    theirs = Day(bob, date(2026, 3, 1)).meals[0].meal.id

    answer = signed_in.post(form.action, data={**form.data, "meals-0": theirs})

    assert answer.status_code == 422
    assert live() == []


def test_the_way_back_of_an_import_is_no_correction(signed_in, make_food):
    page = bring(signed_in, ZIP)
    act_id = page.form("/undo").action.split("/")[-2]
    food = make_food("Bread")

    assert signed_in.post(f"/foods/{food.id}/corrections/{act_id}/undo").status_code == 404
    assert len(live()) == 3
