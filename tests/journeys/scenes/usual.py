"""Meals, saved meals, reminders, water and notes."""

import re

from scenes.hard_days import food_own
from scenes.stage import press, scene, wait_for_errors


@scene("demo")
def reminders(page, _app):
    page.goto("/account/reminders")
    if not page.get_by_role("button", name="Turn off").count():
        page.get_by_label("At what time").fill("20:30")
        press(page, "Remind me")


@scene("demo")
def reminder_errors(page, _app):
    page.goto("/account/reminders")
    press(page, "Remind me")
    wait_for_errors(page)


@scene("demo")
def meals(page, _app):
    page.goto("/meals")
    page.get_by_text("Add a meal").click()


@scene("demo")
def meal_errors(page, _app):
    page.goto("/meals")
    page.get_by_role("link", name="Dinner").click()
    page.get_by_label("Name").fill("")
    press(page, "Save")
    wait_for_errors(page)


@scene("nora")
def meal_to_save(page, _app):
    page.goto("/diary")
    meal = page.get_by_role("region", name="Breakfast").get_attribute("id").removeprefix("meal-")
    page.goto(f"{page.url}/meals/{meal}/saved-meals/new")


@scene("nora")
def saved_meal(page, app):
    meal_to_save(page, app)
    page.get_by_label("Name").fill("The first meal of a long day")
    page.get_by_role("button", name=re.compile("^Save 3 foods")).click()
    page.wait_for_url("**/diary/*")
    page.goto("/saved-meals")
    page.get_by_role("link", name="The first meal").first.click()
    page.locator("summary.item").first.click()


@scene("nora")
def saved_meals(page, _app):
    page.goto("/saved-meals")


@scene("hanna")
def food_portion_errors(page, app):
    food_own(page, app)
    page.get_by_text("Add a portion").click()
    page.get_by_label("One weighs (g)").fill("heavy")
    press(page, "Add this portion")
    wait_for_errors(page)


@scene("nora")
def day_note_changed_meanwhile(page, _app):
    page.goto("/diary")
    page.get_by_text("Note of the day").click()
    page.locator("#day-note [name=seen]").evaluate("field => { field.value = 'old'; }")
    page.get_by_label("What is worth remembering?").fill("A long walk.\n" * 4)
    press(page, "Save the note")
    wait_for_errors(page)


@scene("nora")
def day_water_errors(page, _app):
    page.goto("/diary")
    page.get_by_text("Another amount").click()
    page.get_by_label("Amount of water").fill("a glass")
    press(page, "Add water")
    wait_for_errors(page)
