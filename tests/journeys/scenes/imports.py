"""A diary that comes along from another tracker."""

import json
from io import BytesIO
from zipfile import ZipFile

from playwright.sync_api import Page

from scenes.stage import press, scene, wait_for_errors


@scene("nora")
def import_new(page, _app):
    page.goto("/account/imports")
    page.get_by_text("Where do I find the file?").click()


@scene("nora")
def import_errors(page, _app):
    send_diary(page, b"a,b,c\n1,2,3\n")
    wait_for_errors(page)


@scene("nora")
def import_preview(page, _app):
    send_diary(page, DIARY_OF_ANOTHER_TRACKER)
    page.wait_for_url("**/imports/*-*")


@scene("nora")
def import_done(page, app):
    import_preview(page, app)
    press(page, "Import it")
    page.get_by_role("button", name="Take all of it back").wait_for()


@scene("nora")
def import_taken_back(page, _app):
    send_diary(page, DIARY_OF_ANOTHER_TRACKER.replace(b"2020", b"2019"))
    page.wait_for_url("**/imports/*-*")
    press(page, "Import it")
    press(page, "Take all of it back")
    page.get_by_role("button", name="Bring it back").wait_for()


@scene("nora")
def import_preview_of_much(page, _app):
    send_diary(page, zip_of_another_tracker(), "export.zip")
    page.wait_for_url("**/imports/*-*")


@scene("nora")
def import_preview_of_caloria(page, _app):
    send_diary(page, json.dumps(EXPORT_OF_CALORIA).encode(), "caloria.json")
    page.wait_for_url("**/imports/*-*")


@scene("sofia")
def import_preview_in_spanish(page, _app):
    page.goto("/account/imports")
    sent = {"name": "export.zip", "mimeType": "application/zip", "buffer": zip_of_another_tracker()}
    page.locator("input[type=file]").set_input_files(sent)
    press(page, "Mirarlo primero")
    page.wait_for_url("**/imports/*-*")


# One of its rows cannot be read, its days may be written either way, and it says no unit.
DIARY_OF_ANOTHER_TRACKER = (
    b"Date,Meal,Calories,Saturated Fat,Carbohydrates (g)\n"
    b"1/2/2020,Breakfast,412,2,60\n1/2/2020,Second breakfast,220,1,30\n1/3/2020,Breakfast,=1+1,2,60\n"
)


# Foods, water, weights, a metric, notes; a meal that is new; much that is wrong or has no place.
SERVINGS = """Day,Time,Group,Food Name,Amount,Energy (kcal),Protein (g),Carbs (g),Fat (g)
2020-02-01,8:30 AM,Breakfast,"Oats, rolled",58.00 g,220.4,8,35,4
2020-02-01,10:15 AM,Merienda de media mañana,"Yogur griego con nueces y miel de romero",150 g,190,9,50,6
2020-02-01,,Lunch,"Water, tap",250.00 g,0,0,0,0
2020-02-02,,Lunch,Lentil soup,lots,abc,1,1,1
2020-13-45,,Lunch,Lentil soup,300 g,310,18,40,8
2020-02-03,,Dinner,Lentil soup,300 g,99999999,18,40,8
"""
BIOMETRICS = """Day,Time,Group,Metric,Unit,Amount
2020-02-01,7:00 AM,,Weight,lbs,154
2020-02-02,7:00 AM,,Weight,lbs,9
2020-02-01,7:00 AM,,Blood Pressure,mmHg,120
"""
LEFT_OUT = {
    "notes.csv": "Day,Time,Group,Note\n2020-02-01,,,Slept badly\n",
    "exercises.csv": "Day,Time,Group,Exercise,Minutes,Calories Burned\n2020-02-01,,,Running,30,-300\n",
    "dailysummary.csv": "Date,Energy (kcal),Carbs (g),Fat (g),Protein (g)\n2020-02-01,410,85,4,9\n",
}
MEAL = "01968a00-0000-7000-8000-0000000000a1"
EXPORT_OF_CALORIA = {
    "format": 1,
    "tables": {
        "meals": [{"id": MEAL, "name": "Second breakfast", "position": 1, "usual_from": "10:00:00"}],
        "weights": [
            {
                "id": f"01968a00-0000-7000-8000-0000000000b{day}",
                "day": f"2020-02-0{day}",
                "weight_kg": kg,
                "created_at": "2020-02-01T08:00:00+00:00",
            }
            for day, kg in ((1, 70.4), (2, 70.1), (3, 7000))
        ],
        "day_notes": [
            {"day": "2020-02-01", "text": "Slept badly", "updated_at": "2020-02-01T08:00:00+00:00"},
            {"day": "1020-02-01", "text": "Long ago", "updated_at": "2020-02-01T08:00:00+00:00"},
        ],
    },
}


def zip_of_another_tracker() -> bytes:
    into = BytesIO()
    with ZipFile(into, "w") as packed:
        for name, text in {"servings.csv": SERVINGS, "biometrics.csv": BIOMETRICS, **LEFT_OUT}.items():
            packed.writestr(name, text)
    return into.getvalue()


def send_diary(page: Page, content: bytes, name: str = "Nutrition-Summary.csv") -> None:
    page.goto("/account/imports")
    sent = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    page.get_by_label("The file", exact=True).set_input_files(sent)
    press(page, "Look at it first")
