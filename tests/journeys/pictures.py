"""Takes the pictures that bin/screenshots is asked for."""

import base64
import contextlib
import shutil
import signal
import sys
import tempfile
from pathlib import Path

from chromium import launch_arguments
from live_app import ROOT, App, furnish, live_app, run, sqlite_away
from looks import PHONE, PHONE_DARK, PICTURED, Look
from noon import where_it_is_noon
from playwright.sync_api import Browser, Page, sync_playwright
from scenes import SCENES, come_in

FOLDER = ROOT / "instance" / "screenshots"
README_PICTURE = ROOT / "docs" / "day.png"
README_SCENES = {"day": PHONE, "day-search": PHONE_DARK}
README_VIEWPORT = {"width": 360, "height": 700}
FRAME = '<body style="display: flex; gap: 24px; align-items: start; width: max-content; margin: 0">{}'
PICTURE = '<img width="360" style="border-radius: 24px" src="data:image/png;base64,{}">'


class Photographer:
    """Goes through scenes with a browser that looks one way, on a database of its own."""

    def __init__(self, browser: Browser, look: Look, app: App, zone: str):
        self.browser, self.look, self.app, self.zone = browser, look, app, zone
        self.pages: dict[str | None, Page] = {}

    def page_of(self, person: str | None) -> Page:
        if person not in self.pages:
            context = self.browser.new_context(
                base_url=self.app.url,
                viewport=self.look.viewport,
                color_scheme=self.look.scheme,
                timezone_id=self.zone,
                reduced_motion="reduce",
            )
            self.pages[person] = context.new_page()
            if person:
                come_in(self.pages[person], person)
        return self.pages[person]

    def take(self, scene, whole: bool = True) -> bytes:
        page = self.page_of(scene.person)
        scene.show(page, self.app)
        page.wait_for_load_state("networkidle")
        return page.screenshot(full_page=whole)


@contextlib.contextmanager
def photographer(browser: Browser, furnished: Path, look: Look, zone: str):
    """Serve a copy of the furnished database: what one look changes the next does not see."""
    copy = furnished.with_name(f"{look}.db")
    shutil.copy(furnished, copy)
    url = f"sqlite:///{copy}"
    with live_app(url) as address:
        yield Photographer(browser, look, App(address, url, lambda: sqlite_away(url)), zone)


def take_all(browser: Browser, furnished: Path, zone: str, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for look in PICTURED:
        with photographer(browser, furnished, look, zone) as each:
            for scene in SCENES:
                (folder / f"{scene.name}-{look}.png").write_bytes(each.take(scene))
        print(f"{len(SCENES)} pictures {look} are in {folder}.", flush=True)


def take_readme(browser: Browser, furnished: Path, zone: str) -> None:
    """Two phones side by side."""
    pictures = []
    for name, look in README_SCENES.items():
        scene = next(scene for scene in SCENES if scene.name == name)
        with photographer(browser, furnished, look, zone) as each:
            each.page_of(scene.person).set_viewport_size(README_VIEWPORT)
            pictures.append(PICTURE.format(base64.b64encode(each.take(scene, whole=False)).decode()))
    page = browser.new_page()
    page.set_content(FRAME.format("".join(pictures)))
    README_PICTURE.write_bytes(page.locator("body").screenshot(omit_background=True))
    print(f"{README_PICTURE} is new, {README_PICTURE.stat().st_size:,} bytes.")


def main(words: list[str]) -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    zone = where_it_is_noon()
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        furnished = Path(scratch, "furnished.db")
        run(f"sqlite:///{furnished}", "-m", "flask", "db", "upgrade")
        furnish(f"sqlite:///{furnished}", zone)
        browser = playwright.chromium.launch(**launch_arguments())
        if words == ["--readme"]:
            take_readme(browser, furnished, zone)
        else:
            take_all(browser, furnished, zone, Path(*words[:1]) if words else FOLDER)


if __name__ == "__main__":
    main(sys.argv[1:])
