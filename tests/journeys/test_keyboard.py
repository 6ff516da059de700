"""The whole path with the keyboard alone: in a sane order, and one always sees where one is."""

import pytest
from acts import arrive_at, energy, entry, heading, left, meal, new_email, notice
from looks import DESKTOP, PHONE
from playwright.sync_api import Locator, Page, expect

MOST_STEPS = 80

# Where the focus is: whether it can be seen, and whether anything lies over it.
FOCUS = """() => {
  const e = document.activeElement;
  const shown = e.closest(".chip, .field__box--suffix") ?? e;
  const outlined = [e, shown].some((x) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(x);
    return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
  });
  const { left, top, width, height } = shown.getBoundingClientRect();
  const [x, y] = [left + width / 2, top + Math.min(height, innerHeight) / 2];
  const above = document.elementFromPoint(x, y);
  const covered = !above || !(shown.contains(above) || above.contains(shown));
  return { body: e === document.body, outlined, covered, html: e.outerHTML.slice(0, 160) };
}"""
REMEMBER = "() => { window.before = document.activeElement; }"
# Whether that is later on the page than what had the focus before; in one column also not above it.
IS_LATER = """() => {
  const { before } = window;
  const now = document.activeElement;
  if (!before?.isConnected || before === document.body || now === document.body) return true;
  const inOneColumn = innerWidth < 700 && before.closest("main") && now.closest("main");
  const isAbove = now.getBoundingClientRect().bottom <= before.getBoundingClientRect().top;
  if (inOneColumn && isAbove) return false;
  return Boolean(before.compareDocumentPosition(now) & Node.DOCUMENT_POSITION_FOLLOWING);
}"""


class Hands:
    """Ten fingers and no mouse."""

    def __init__(self, page: Page):
        self.page = page

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def tab(self) -> None:
        """One step on: to something later, that one can see."""
        self.page.evaluate(REMEMBER)
        self.press("Tab")
        assert self.page.evaluate(IS_LATER), self.page.evaluate(FOCUS)["html"]
        self.look()

    def look(self) -> None:
        focus = self.page.evaluate(FOCUS)
        assert focus["body"] or (focus["outlined"] and not focus["covered"]), focus

    def go_to(self, place: Locator) -> None:
        for _ in range(MOST_STEPS):
            if place.count() == 1 and place.evaluate("element => element === document.activeElement"):
                return
            self.tab()
        raise AssertionError(f"{place} cannot be reached")

    def go_and_press(self, place: Locator) -> None:
        self.go_to(place)
        self.press("Enter")

    def fill(self, place: Locator, text: str) -> None:
        self.go_to(place)
        self.press("ControlOrMeta+a")
        self.type(text)


def sign_up(hands: Hands, page: Page) -> None:
    page.goto("/")
    hands.tab()
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    hands.press("Enter")
    hands.go_and_press(page.get_by_role("link", name="Start a diary"))
    expect(page.get_by_label("Your name")).to_be_focused()
    page.wait_for_load_state()
    hands.type("Alice")
    hands.fill(page.get_by_label("E-mail"), new_email())
    hands.fill(page.get_by_label("Password"), "blue bicycle 42")
    hands.press("Enter")
    expect(heading(page)).to_have_text("A little about you")


def tell_body(hands: Hands, page: Page) -> None:
    hands.fill(page.get_by_label("Height in cm"), "168")
    hands.fill(page.get_by_label("Weight in kg"), "72")
    hands.fill(page.get_by_label("Year of birth"), "1990")
    hands.go_to(page.get_by_label("I'd rather not say").first)
    hands.press("ArrowLeft", "ArrowLeft")
    expect(page.get_by_label("Female")).to_be_checked()
    hands.press("Enter")
    expect(heading(page)).to_contain_text("kcal a day")
    hands.go_and_press(page.get_by_role("button", name="Use this target"))
    arrive_at(page, "Today")


def log_food(hands: Hands, page: Page) -> None:
    """Search, then Enter for the first answer, and Enter to log it."""
    hands.press("/")
    expect(page.get_by_label("Search foods")).to_be_focused()
    hands.type("rolled oat")
    hands.press("Enter")
    first = page.locator("#found li").first.get_by_role("button")
    expect(first).to_be_focused()
    hands.look()
    hands.press("Enter")
    expect(entry(page, "Rolled oats, dry")).to_have_count(1)
    expect(page.get_by_label("Search foods")).to_be_focused()
    hands.look()


def log_quick(hands: Hands, page: Page) -> None:
    hands.go_and_press(page.locator("#quick summary"))
    expect(page.get_by_label("Energy (kcal)")).to_be_focused()
    hands.type("300")
    hands.press("Enter")
    expect(entry(page, "Quick calories")).to_have_count(1)
    expect(page.locator("#quick summary")).to_be_focused()
    hands.look()


def edit_amount(hands: Hands, page: Page) -> None:
    oats = entry(page, "Rolled oats, dry")
    before = energy(oats)
    hands.go_and_press(oats.locator("a.item"))
    expect(oats.get_by_label("Amount")).to_be_visible()
    hands.fill(oats.get_by_label("Amount"), "2")
    hands.press("Enter")
    expect(notice(page)).to_contain_text("Changed")
    assert energy(oats) == pytest.approx(2 * before, abs=1)
    expect(oats.locator("a.item")).to_be_focused()
    hands.look()


def delete_and_undo(hands: Hands, page: Page) -> None:
    oats = entry(page, "Rolled oats, dry")
    hands.press("Enter")
    expect(oats.get_by_role("button", name="Delete")).to_be_visible()
    hands.go_and_press(oats.get_by_role("button", name="Delete"))
    expect(oats).to_have_count(0)
    hands.look()
    hands.go_and_press(page.get_by_role("button", name="Undo"))
    expect(oats).to_have_count(1)
    hands.look()


def turn_pages(hands: Hands, page: Page) -> None:
    logged = left(page)
    hands.press("[")
    expect(heading(page)).not_to_have_text("Today")
    page.wait_for_load_state()
    hands.press("]")
    expect(heading(page)).to_have_text("Today")
    assert left(page) == logged


@pytest.mark.parametrize("look", [PHONE, DESKTOP], ids=str)
def test_a_first_day_is_logged_with_the_keyboard_alone(look, open_page):
    page = open_page(look)
    hands = Hands(page)
    sign_up(hands, page)
    tell_body(hands, page)
    log_food(hands, page)
    log_quick(hands, page)
    edit_amount(hands, page)
    delete_and_undo(hands, page)
    turn_pages(hands, page)
    hands.go_and_press(page.get_by_role("button", name="Sign out"))
    expect(page.get_by_role("link", name="Start a diary")).to_be_visible()


def test_the_skip_link_is_first_and_leads_past_the_navigation(open_page, cookies_of):
    page = open_page(storage_state=cookies_of("demo"))
    page.goto("/account")
    hands = Hands(page)

    hands.tab()
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    hands.press("Enter")
    hands.tab()

    assert page.locator("#main :focus").count() == 1


def test_single_keys_do_what_their_list_says_until_they_are_turned_off(open_page, cookies_of):
    page = open_page(DESKTOP, storage_state=cookies_of("demo"))
    page.goto("/diary")
    box, keys = page.get_by_label("Search foods"), page.get_by_role("dialog", name="Keys")
    page.keyboard.press("a")
    expect(box).to_be_focused()
    expect(box).to_have_value("")
    box.blur()
    page.keyboard.press("?")
    expect(keys).to_be_visible()
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()

    page.goto("/account")
    page.get_by_label("Use these keys on this device").uncheck()
    page.goto("/diary")
    for key in ("[", "/", "a", "?"):
        page.keyboard.press(key)
    expect(heading(page)).to_have_text("Today")
    expect(box).not_to_be_focused()
    expect(keys).to_be_hidden()


def test_a_key_writes_where_one_is_writing(open_page, cookies_of):
    page = open_page(storage_state=cookies_of("demo"))
    page.goto("/diary")
    page.get_by_label("Search foods").focus()
    page.keyboard.type("[/]")

    expect(page.get_by_label("Search foods")).to_have_value("[/]")
    expect(meal(page, "Breakfast")).to_be_visible()
