"""Charts can be told from what they stand on: light, dark, printed, in system colours, and mirrored."""

import pytest
from acts import press
from looks import PHONE
from playwright.sync_api import Page

LEAST_CONTRAST = 3
# Each shape that says something, with what it is painted by, and what it is seen against.
SHAPES = {
    ".chart__line": ("stroke", "card"),
    ".chart__dots": ("stroke", "card"),
    ".chart__bar": ("fill", "card"),
    ".chart__bar--partial": ("stroke", "card"),
    ".chart__aim": ("stroke", ".chart__ground"),
    ".heat__day--full": ("fill", "card"),
    ".heat__day--partial": ("stroke", "card"),
    ".spark__line": ("stroke", "card"),
    ".ring__fill": ("stroke", "card"),
    ".bar__fill": ("fill", "card"),
}
FAINT = """(shapes) => {
  const brush = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const luminance = (colour) => {
    brush.clearRect(0, 0, 1, 1);
    brush.fillStyle = colour;
    brush.fillRect(0, 0, 1, 1);
    const [red, green, blue] = [...brush.getImageData(0, 0, 1, 1).data].map((part) => part / 255)
      .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (one, two) => (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
  return Object.entries(shapes).flatMap(([name, [painted, ground]]) => {
    const shape = document.querySelector(name);
    if (!shape) return [];
    const behind = ground === "card" ? getComputedStyle(shape.closest(".card")).backgroundColor
      : getComputedStyle(document.querySelector(ground)).stroke;
    const seen = contrast(luminance(getComputedStyle(shape)[painted]), luminance(behind));
    return [[name, seen]];
  });
}"""
MIRRORED = """() => [...document.querySelectorAll(".chart__plot, .heat__days, .spark")]
  .map((each) => new DOMMatrix(getComputedStyle(each).transform).a)"""
WAYS = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "printed": {"media": "print", "color_scheme": "dark"},
    "in-system-colours": {"forced_colors": "active", "color_scheme": "light"},
    "in-dark-system-colours": {"forced_colors": "active", "color_scheme": "dark"},
}


@pytest.fixture
def pages(open_page, cookies_of):
    """The pages with charts, opened one after the other: trends, measurements and the ring of a day."""
    page = open_page(PHONE, storage_state=cookies_of("demo"))

    def pages():
        for address in ("/trends?days=90", "/measurements", "/diary"):
            page.goto(address)
            yield page

    measure(page)
    return pages


def measure(page: Page) -> None:
    page.goto("/measurements")
    for waist in ("84", "83"):
        if not page.get_by_label("What do you measure?").is_visible():
            page.get_by_text("Measure something else").click()
        page.get_by_label("What do you measure?").fill("Waist")
        page.get_by_label("How much is it?").fill(waist)
        press(page, "Log a new measurement")
        page.get_by_role("button", name="Undo").wait_for()


def test_every_shape_of_every_chart_can_be_seen_in_every_way_of_looking(pages):
    found = {}
    for page in pages():
        for way, media in WAYS.items():
            page.emulate_media(**{"media": "screen", "forced_colors": "none", **media})
            for name, seen in page.evaluate(FAINT, SHAPES):
                found[name, way] = round(seen, 1)

    assert {name for name, _ in found} == set(SHAPES)
    assert {key: seen for key, seen in found.items() if seen < LEAST_CONTRAST} == {}


def test_read_from_right_to_left_time_runs_to_the_left(pages):
    sides = []
    for page in pages():
        page.evaluate("document.documentElement.dir = 'rtl'")
        sides += page.evaluate(MIRRORED)
        dates = page.locator(".chart__dates, .heat__dates").all()
        boxes = [[each.bounding_box()["x"] for each in row.locator("span").all()] for row in dates]
        assert all(row == sorted(row, reverse=True) for row in boxes)

    assert sides == [-1] * len(sides)
    assert len(sides) >= 4
