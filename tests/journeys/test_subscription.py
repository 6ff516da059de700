"""From trying Plus to paying for it and back, at a provider whose clock moves; nothing logged goes away."""

import re
from uuid import UUID

import pytest
from acts import heading, notice, press, sign_up, skip_body
from playwright.sync_api import Page, expect
from sqlalchemy import create_engine, text

DAY = 86400


@pytest.fixture
def let_days_pass(live):
    """Move the provider's clock, which is right at first; it tells the app what became due meanwhile."""
    world = live.provider.extensions["world"]
    world.offset = 0

    def let_days_pass(days: int) -> None:
        with world.lock:
            live.provider.extensions["billing"].advance(days * DAY)

    return let_days_pass


def end_newest_trial(database: str) -> None:
    """The app's own clock does not move: what is left of a trial would outlast what was paid."""
    engine = create_engine(database)
    with engine.begin() as connection:
        over = "UPDATE subscriptions SET paid_until = CURRENT_TIMESTAMP WHERE provider_id = :trial"
        newest = "SELECT id FROM users ORDER BY created_at DESC LIMIT 1"
        connection.execute(text(over), {"trial": f"trial {UUID(str(connection.scalar(text(newest))))}"})
    engine.dispose()


def plan_says(page: Page, words: str) -> None:
    """Look at the plan until the news has come."""
    page.goto("/subscription")
    main = page.get_by_role("main")
    for _ in range(50):
        if words in main.inner_text():
            return
        page.wait_for_timeout(100)
        page.reload()
    raise AssertionError(f"The plan never said: {words}")


def have_card(page: Page, button: str, card: str) -> None:
    """Go to the provider, have a card there, and come back."""
    press(page, button)
    page.get_by_role("button", name=card).click()
    page.get_by_role("link", name="Back to Caloria").click()
    expect(heading(page)).to_have_text("Your plan")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_plus_is_tried_paid_for_mended_and_cancelled_and_all_that_was_logged_stays(
    open_page, zone, live, allowed, let_days_pass, scripts
):
    allowed.extend([live.provider.extensions["world"].url, "status of 422"])
    page = open_page(java_script_enabled=scripts)
    sign_up(page, zone)
    skip_body(page)
    page.locator("#quick summary").click()
    page.get_by_label("Energy (kcal)").fill("431")
    page.locator("#quick").get_by_role("button", name="Add").click()
    expect(notice(page)).to_contain_text("Logged Quick calories")

    plan_says(page, "You try all of Plus until")
    press(page, "Choose a month")
    page.get_by_role("button", name="Pay with a card that is declined").click()
    page.get_by_role("button", name="Pay with a good card").click()
    # It waits until the provider has said so, and goes on by itself.
    expect(notice(page)).to_contain_text("You have Plus now")
    expect(page.get_by_role("main")).to_contain_text("Next payment")

    let_days_pass(15)
    plan_says(page, "Paid")
    have_card(page, "Card and address", "Use a card that is declined")
    press(page, "Pay per year: €49.00")
    expect(page.get_by_role("main")).to_contain_text("The card did not work.")
    let_days_pass(32)
    plan_says(page, "The last payment did not come through.")
    have_card(page, "Check the card", "Use a good card")
    plan_says(page, "Next payment")

    press(page, "Cancel Plus")
    expect(notice(page)).to_contain_text("You have Plus until")
    press(page, "Go on with Plus")
    press(page, "Cancel Plus")
    expect(page.get_by_role("main")).to_contain_text(re.compile("until .* nothing more is charged"))
    end_newest_trial(live.database)
    let_days_pass(32)
    plan_says(page, "Plus ended on")

    page.goto("/diary")
    expect(page.get_by_role("main")).to_contain_text("431")
