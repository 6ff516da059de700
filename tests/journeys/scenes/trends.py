"""Where it goes: weights, measurements, targets."""

from scenes.stage import press, scene, wait_for_errors


@scene("demo")
def trends(page, _app):
    page.goto("/trends")


@scene("demo")
def trends_opened(page, _app):
    page.goto("/trends?days=90")
    for summary in page.locator("main summary").all():
        summary.click()


@scene("newcomer")
def trends_of_nothing(page, _app):
    page.goto("/trends?days=all")


@scene("demo")
def weights(page, _app):
    page.goto("/weights")


@scene("demo")
def weight_errors(page, _app):
    page.goto("/weights")
    page.get_by_label("Weight", exact=True).fill("heavy")
    press(page, "Log this weight")
    wait_for_errors(page)


@scene("demo")
def weight_errors_of_a_day(page, _app):
    page.goto("/diary")
    page.locator("#weigh-in").get_by_role("textbox").fill("heavy")
    press(page, "Log your weight")
    wait_for_errors(page)


@scene("demo")
def weight_edit(page, _app):
    page.goto("/weights")
    page.locator(".item__link").first.click()
    page.wait_for_url("**/edit")


@scene("newcomer")
def weights_none(page, _app):
    page.goto("/weights")


@scene("nora")
def measurements(page, _app):
    page.goto("/measurements")
    for waist in ("84", "83.5"):
        if not page.get_by_label("What do you measure?").is_visible():
            page.get_by_text("Measure something else").click()
        page.get_by_label("What do you measure?").fill("Waist")
        page.get_by_label("How much is it?").fill(waist)
        press(page, "Log a new measurement")
        page.get_by_role("button", name="Undo").wait_for()


@scene("nora")
def measurement_edit(page, _app):
    measurements(page, _app)
    page.get_by_text("As a table").first.click()
    page.get_by_role("link", name="Change").first.click()
    page.wait_for_url("**/edit")


@scene("nora")
def measurement_errors(page, _app):
    page.goto("/measurements")
    if not page.get_by_label("What do you measure?").is_visible():
        page.get_by_text("Measure something else").click()
    press(page, "Log a new measurement")
    wait_for_errors(page)


@scene("demo")
def summary(page, _app):
    page.goto("/trends/summary")


@scene("newcomer")
def summary_of_nothing(page, _app):
    page.goto("/trends/summary?from=tomorrow")
