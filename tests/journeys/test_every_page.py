"""Every page in every state: accessible in every look, never wider than the window, and easy to hit."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from looks import LOOKS, PHONE
from scenes import SCENES

# Windows that must not scroll sideways, whichever way one reads: phones, and 1280 x 1024 at 400 %.
SMALL = ({"width": 360, "height": 760}, {"width": 320, "height": 640}, {"width": 320, "height": 256})
SMALLEST_TARGET = 44
READ = "direction => { document.documentElement.dir = direction; }"
# What is wider than the window, each way; from right to left a page scrolls to the left of its start.
AXE_RUN = """contrast => axe.run({
  resultTypes: ["violations"], rules: { "color-contrast": { enabled: contrast } },
}).then((results) => results.violations)"""
SIDEWAYS = """() => ["ltr", "rtl"].filter((direction) => {
  document.documentElement.dir = direction;
  return document.documentElement.scrollWidth > innerWidth;
})"""
AXE = Axe().axe_script

SMALL_TARGETS = """smallest => {
  const targets = "a[href], button, input:not([type=hidden]), select, textarea, summary";
  const words = (e) => e.textContent.trim();
  const isInSentence = (e) => e.matches("p a, li a") && words(e.parentElement) !== words(e);
  const whatIsHit = (e) => e.closest("label.chip, label.choice, .field__box--suffix") ?? e;
  const isSmall = (e) => {
    const { width, height } = whatIsHit(e).getBoundingClientRect();
    return Math.min(width, height) < smallest - 0.5;
  };
  return [...document.querySelectorAll(targets)]
    .filter((e) => e.checkVisibility() && !e.matches(".skip") && !isInSentence(e) && isSmall(e))
    .map((e) => e.outerHTML.slice(0, 120));
}"""


@pytest.fixture
def stage(open_page, cookies_of, live, allowed):
    """Bring a page to a scene."""

    def stage(scene):
        allowed.extend(["status of 4", "status of 503"])
        more = {"storage_state": cookies_of(scene.person)} if scene.person else {}
        page = open_page(PHONE, **more)
        scene.show(page, live)
        return page

    return stage


def violations(page, direction: str) -> list[str]:
    # Contrast takes most of the time, and is the same in the other direction.
    found = page.evaluate(AXE_RUN, direction == "ltr")
    return [f"{each['id']}: {node['html'][:120]}" for each in found for node in each["nodes"]]


def on_its_way(scene):
    """A scene to be looked at; those of the newcomer one after the other, by one worker."""
    marks = [pytest.mark.xdist_group("newcomer")] if scene.person == "newcomer" else []
    return pytest.param(scene, id=scene.name, marks=marks)


@pytest.mark.parametrize("scene", [on_its_way(scene) for scene in SCENES])
def test_every_page_is_easy_to_see_to_hear_and_to_hit(scene, stage):
    page = stage(scene)
    wrong = {}
    page.evaluate(AXE)
    for look in LOOKS:
        page.emulate_media(color_scheme=look.scheme, reduced_motion="reduce")
        page.set_viewport_size(look.viewport)
        page.evaluate(READ, look.direction)
        wrong[f"axe {look}"] = violations(page, look.direction)
    for size in SMALL:
        page.set_viewport_size(size)
        wrong[f"sideways {size}"] = page.evaluate(SIDEWAYS)
    page.set_viewport_size(PHONE.viewport)
    page.evaluate(READ, PHONE.direction)
    wrong["small targets"] = page.evaluate(SMALL_TARGETS, SMALLEST_TARGET)
    assert not {what: found for what, found in wrong.items() if found}
