"""Ten years of one person's diary: all of it is a page that loads at once and can be read on a phone."""

from datetime import date, timedelta

from acts import sign_up
from histories import log_history, log_weights
from looks import DESKTOP_DARK, PHONE
from playwright.sync_api import Page, expect
from sqlalchemy import create_engine, select

from caloria.models import Food, Meal, User

TEN_YEARS = 3652  # days
MOST_BYTES = 110_000
# What is drawn and what is listed of each range: days, weeks or months, of which each has a place of its own.
MOST_POINTS = {"30": 30, "90": 90, "365": 53, "all": 122}
POINTS = """() => [...document.querySelectorAll(".chart__dots, .chart__bar")]
  .map((path) => (path.getAttribute("d").match(/M/g) ?? []).length)"""
OVERLAPS = """() => [...document.querySelectorAll(".chart__dates, .chart__ticks, .heat__dates, .legend")]
  .filter((row) => row.checkVisibility()).flatMap((row) => {
    const boxes = [...row.children].map((each) => {
      const range = document.createRange();
      range.selectNodeContents(each);
      return range.getBoundingClientRect();
    });
    return boxes.filter((one, at) => boxes.slice(at + 1).some((two) =>
      one.right > two.left && two.right > one.left && one.bottom > two.top + 1 && two.bottom > one.top + 1));
  }).length"""


def fill_ten_years(database: str, email: str, today: date) -> None:
    """Give somebody ten years of days that end yesterday, of 12 entries each, and weights with gaps."""
    engine = create_engine(database)
    with engine.begin() as connection:
        person = connection.scalar(select(User.id).where(User.email == email))
        mine = select(Meal.id).where(Meal.user_id == person).order_by(Meal.position)
        meal = connection.scalar(mine.limit(1))
        food = connection.scalar(select(Food.id).order_by(Food.id).limit(1))
        first = today - timedelta(days=TEN_YEARS)
        log_history(connection, person, meal, food, first, TEN_YEARS)
        log_weights(connection, person, first, TEN_YEARS)
    engine.dispose()


def look_at(page: Page, range_: str) -> None:
    answer = page.goto(f"/trends?days={range_}")

    assert len(answer.body()) < MOST_BYTES
    dots, bars, partial = page.evaluate(POINTS)
    assert 0 < dots <= MOST_POINTS[range_]
    assert 0 < bars + partial <= MOST_POINTS[range_]
    assert page.evaluate(OVERLAPS) == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(page.get_by_text("2,736 kcal", exact=True).first).to_be_visible()


def test_ten_years_are_few_points_and_fit_on_a_phone_and_a_desktop(page, live, zone, today):
    fill_ten_years(live.database, sign_up(page, zone), today)

    for look in (PHONE, DESKTOP_DARK):
        page.set_viewport_size(look.viewport)
        page.emulate_media(color_scheme=look.scheme)
        for range_ in MOST_POINTS:
            look_at(page, range_)

    # All of it: a line through the months, since no gap is as long as two, and every day in the mean.
    expect(page.get_by_text("on average, on 3,652 complete days")).to_be_visible()
    line = page.locator(".chart__line").get_attribute("d")
    assert line.count("L") > 90
    page.get_by_text("As a table").first.click()
    assert 100 < page.locator("table").first.get_by_role("row").count() <= 123
    page.get_by_role("link", name="Every weight").click()
    page.get_by_role("link", name="Earlier weights").click()
    expect(page.get_by_role("heading", name="Weights")).to_be_visible()
