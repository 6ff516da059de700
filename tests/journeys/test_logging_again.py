"""The second to the hundredth day: what is usual, other meals and days, and foods of one's own."""

import re

import pytest
from acts import arrive_at, energy, entries, entry, heading, left, meal, notice, press, sign_up, skip_body
from playwright.sync_api import Page, expect

GRANOLA = {"Fat (g)": "12", "Carbohydrate (g)": "60", "Protein (g)": "10", "Salt (g)": "0,5"}


@pytest.fixture
def diary(open_page, cookies_of):
    """The demo person's diary, on the day that is today."""
    page = open_page(storage_state=cookies_of("demo"))
    page.goto("/diary")
    return page


def tell_label(page: Page, kcal: str, **more: str) -> None:
    page.get_by_label("Energy (kcal)").fill(kcal)
    for name, amount in {**GRANOLA, **more}.items():
        page.get_by_label(name, exact=True).fill(amount)
    press(page, "Keep this food")


def test_a_usual_food_is_logged_with_one_tap(diary):
    before, eaten = left(diary), entries(diary).count()
    tile = diary.locator(".tile").first
    name = tile.locator("bdi").inner_text()

    tile.click()

    expect(notice(diary)).to_contain_text(f"Logged {name}")
    expect(entries(diary)).to_have_count(eaten + 1)
    assert left(diary) < before


def test_two_usual_foods_are_logged_though_the_first_is_still_on_its_way(diary):
    before, held = entries(diary).count(), []
    diary.route("**/repeats", lambda route: held.append(route))
    for tile in diary.locator(".tile").all()[:2]:
        tile.click()
        expect(tile).to_have_attribute("aria-busy", "true")
        tile.click()

    assert len(held) == 2
    for route in held:
        with diary.expect_response("**/diary/*"):
            route.continue_()
    expect(entries(diary)).to_have_count(before + 2)


def test_a_row_opens_in_place_and_closes_again(diary):
    address, rows = diary.url, diary.locator(".meal .list a.item")
    rows.first.click()
    expect(diary.locator("#edit")).to_contain_text("Protein")
    expect(rows.first).to_have_attribute("aria-expanded", "true")

    rows.nth(1).click()
    expect(rows.nth(1)).to_have_attribute("aria-expanded", "true")
    expect(rows.first).to_have_attribute("aria-expanded", "false")
    expect(diary.locator("#edit")).to_have_count(1)
    rows.nth(1).click()

    expect(diary.locator("#edit")).to_have_count(0)
    assert diary.url == address


def test_choosing_another_meal_shows_what_is_usual_there_and_stays_chosen(diary):
    diary.get_by_label("Add to", exact=True).select_option(label="Snacks")
    expect(diary.get_by_role("heading", name="Usual at snacks")).to_be_visible()
    name = diary.locator(".tile bdi").first.inner_text()
    snacks = meal(diary, "Snacks").locator("li").filter(has_text=name)
    before = snacks.count()

    diary.locator(".tile").first.click()

    expect(snacks).to_have_count(before + 1)
    expect(diary.get_by_label("Add to", exact=True).locator(":checked")).to_have_text("Snacks")
    expect(diary.get_by_role("heading", name="Usual at snacks")).to_be_visible()


def test_the_plus_of_a_meal_leads_to_what_is_usual_there(diary):
    meal(diary, "Dinner").get_by_role("link", name="Add to dinner").click()
    expect(heading(diary)).to_have_text("Add to dinner")
    name = diary.locator(".tile bdi").first.inner_text()
    diary.locator(".tile").first.click()

    expect(heading(diary)).to_have_text("Today")
    expect(meal(diary, "Dinner")).to_contain_text(name)


def test_a_forgotten_meal_of_yesterday_is_logged_on_yesterday(diary):
    diary.get_by_role("link", name="The day before").click()
    expect(diary.get_by_role("link", name="Go to today")).to_be_visible()
    diary.wait_for_load_state()
    before = entries(diary).count()
    diary.get_by_label("Search foods").fill("apple pie")
    diary.locator("#found li").first.get_by_role("button").click()
    expect(entries(diary)).to_have_count(before + 1)

    diary.get_by_role("link", name="Go to today").click()

    expect(heading(diary)).to_have_text("Today")
    expect(entry(diary, "Apple pie")).to_have_count(0)


def test_any_amount_of_a_food_shows_what_it_comes_to_before_it_is_logged(diary):
    diary.goto("/foods/search?q=rolled oats")
    diary.get_by_role("link", name="Rolled oats, dry").click()
    arrive_at(diary, "Rolled oats, dry")
    kcal = diary.locator("output").first
    expect(kcal).to_have_text("307")

    diary.get_by_label("g", exact=True).check(force=True)
    expect(diary.get_by_label("Amount")).to_have_value("100")
    expect(kcal).to_have_text("379")
    diary.get_by_label("Amount").fill("37,5")
    expect(kcal).to_have_text("142")
    diary.get_by_label("Meal").select_option(label="Snacks")
    press(diary, "Add to today")

    logged = meal(diary, "Snacks").locator("li").filter(has_text="37.5\u00a0g")
    expect(logged).to_contain_text("Rolled oats, dry")
    assert energy(logged) == 142


def test_a_food_that_is_not_here_is_made_from_its_label_and_logged(page, zone):
    sign_up(page, zone)
    skip_body(page)
    page.get_by_label("Search foods").fill("zanzibar granola")
    page.get_by_role("link", name="Create “zanzibar granola”").click()
    expect(page.get_by_label("Name")).to_have_value("zanzibar granola")

    tell_label(page, "400")
    expect(heading(page)).to_have_text("zanzibar granola")
    page.get_by_label("Amount").fill("50")
    press(page, "Add to today")

    arrive_at(page, "Today")
    assert energy(entry(page, "zanzibar granola")) == 200
    page.get_by_label("Search foods").fill("zanz")
    expect(page.locator("#found li")).to_contain_text(["Yours"])


def test_a_label_that_speaks_of_one_serving_is_kept_per_serving(page, zone, allowed):
    allowed.append("status of 422")
    sign_up(page, zone)
    page.goto("/foods/new?name=Oat bar")
    page.get_by_text("one serving", exact=True).click()
    press(page, "Keep this food")
    expect(page.locator("[data-errors]")).to_contain_text("Please write what one serving weighs")
    page.get_by_label("One serving weighs (g)").fill("40")
    page.get_by_label("What is a serving called?").fill("bar")
    tell_label(page, "160", **{"Fat (g)": "5", "Carbohydrate (g)": "22", "Protein (g)": "5"})

    expect(page.locator("output").first).to_have_text("160")
    expect(page.locator(".figures").first).to_contain_text(re.compile("Energy\\s*400"))
    press(page, "Add to today")
    expect(entry(page, "Oat bar")).to_contain_text("1\u00a0bar (40\u00a0g)")
