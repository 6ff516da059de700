"""Every page in every state: accessible in every look, nothing beside the window, and everything easy to hit."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from looks import LOOKS, PHONE
from scenes import SCENES, sign_up

# Windows that must not scroll sideways: phones, and 1280 x 1024 at 400 %.
SMALL = ({"width": 360, "height": 760}, {"width": 320, "height": 640}, {"width": 320, "height": 256})
SMALLEST_TARGET = 44
AXE = Axe().axe_script

SMALL_TARGETS = """smallest => {
  const targets = "a[href], button, input:not([type=hidden]), select, textarea, summary";
  const inSentence = (e) => e.matches("p a, li a") && e.parentElement.textContent.trim() !== e.textContent.trim();
  const hit = (e) => e.matches("[type=checkbox], [type=radio]") ? e.closest("label") : e.closest(".field__box--suffix") ?? e;
  return [...document.querySelectorAll(targets)]
    .filter((e) => e.checkVisibility({ visibilityProperty: true }) && !e.matches(".skip") && !inSentence(e))
    .filter((e) => { const { width, height } = hit(e).getBoundingClientRect(); return Math.min(width, height) < smallest - 0.5; })
    .map((e) => e.outerHTML.slice(0, 120));
}"""




@pytest.fixture
def stage(open_page, cookies_of, live, allowed):
    """Bring a page to a scene."""

    def stage(scene):
        allowed.extend(["status of 4", "status of 503"])
        known = scene.person in (None, "newcomer")
        more = {} if known else {"storage_state": cookies_of(scene.person)}
        page = open_page(PHONE, **more)
        if scene.person == "newcomer":
            sign_up(page)
        scene.show(page, live)
        return page

    return stage


def violations(page) -> list[str]:
    found = page.evaluate("axe.run({ resultTypes: ['violations'] }).then((results) => results.violations)")
    return [f"{each['id']}: {node['html'][:120]}" for each in found for node in each["nodes"]]


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_every_page_is_easy_to_see_to_hear_and_to_hit(scene, stage):
    page = stage(scene)
    wrong = {}
    page.evaluate(AXE)
    for look in LOOKS:
        page.emulate_media(color_scheme=look.scheme, reduced_motion="reduce")
        page.set_viewport_size(look.viewport)
        wrong[f"axe {look}"] = violations(page)
    for size in SMALL:
        page.set_viewport_size(size)
        beside = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        wrong[f"sideways {size}"] = [beside] if beside > 0 else []
    page.set_viewport_size(PHONE.viewport)
    wrong["small targets"] = page.evaluate(SMALL_TARGETS, SMALLEST_TARGET)
    assert not {what: found for what, found in wrong.items() if found}
