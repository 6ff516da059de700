"""What a person has, and what it costs."""

from scenes.stage import press, scene


@scene("demo")
def plan_tried(page, _app):
    page.goto("/subscription")


@scene("hanna")
def plan_paid(page, _app):
    page.goto("/subscription")
    page.get_by_text("Earlier ones").click()


@scene("nora")
def plan_payment_failed(page, _app):
    page.goto("/subscription")


@scene("sofia")
def plan_free(page, _app):
    page.goto("/subscription")


@scene("demo")
def plan_waits_for_payment(page, _app):
    page.goto("/subscription/checkouts/done?looked=20")


@scene("hanna")
def plan_provider_away(page, _app):
    page.goto("/subscription")
    press(page, "Card and address")
    page.wait_for_selector("text=Payments cannot be reached")
