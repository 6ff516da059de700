"""Whoever just signed up, from page to page."""

from scenes.stage import press, scene, wait_for_errors


@scene("newcomer")
def body(page, _app):
    page.goto("/targets/body")


@scene("newcomer")
def body_errors(page, _app):
    page.goto("/targets/body")
    page.get_by_label("Height in cm").fill("1")
    page.get_by_label("Weight in kg").fill("some")
    page.get_by_label("Year of birth").fill("2025")
    press(page, "Suggest a target")
    wait_for_errors(page)


@scene("newcomer")
def target_without_proposal(page, _app):
    page.goto("/targets/new")


@scene("newcomer")
def targets_none(page, _app):
    page.goto("/targets")


@scene("newcomer")
def day_without_target(page, _app):
    page.goto("/diary")


@scene("newcomer")
def foods_none(page, _app):
    page.goto("/foods")


@scene("newcomer")
def search_nothing_usual(page, _app):
    page.goto("/foods/search")


@scene("newcomer")
def proposal(page, _app):
    page.goto("/targets/body")
    page.get_by_label("Height in cm").fill("168")
    page.get_by_label("Weight in kg").fill("72")
    page.get_by_label("Year of birth").fill("1990")
    page.get_by_text("Lose weight").click()
    press(page, "Suggest a target")
    page.wait_for_url("**/targets/new")


@scene("newcomer")
def proposal_opened(page, app):
    proposal(page, app)
    page.get_by_text("Change a figure").click()
    page.get_by_text("How this is worked out").click()


@scene("newcomer")
def day_empty(page, app):
    proposal(page, app)
    press(page, "Use this target")
    page.wait_for_url("**/diary/*")
