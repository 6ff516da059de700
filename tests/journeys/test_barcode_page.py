"""From the bars on a pack to the diary: with the camera, with a photo, and where the camera is refused."""

import pytest
from acts import arrive_at, heading, press
from chromium import launch_arguments
from playwright.sync_api import expect
from printed import printed, sent

DIGITS = "4006381333931"
# What browsers on phones bring along; this one sees what the test shows it, once there is a picture.
DETECTOR = """
window.shown = [];
window.BarcodeDetector = class {
  static async getSupportedFormats() { return ["qr_code", "ean_13"]; }
  constructor({ formats }) { if (formats.join() !== "ean_13") throw new TypeError(formats); }
  async detect(video) { return video.videoWidth ? shown.map((rawValue) => ({ rawValue })) : []; }
};
"""


@pytest.fixture(scope="session")
def browser(browser_type):
    """One that has a camera."""
    browser = browser_type.launch(**launch_arguments(has_camera=True))
    yield browser
    browser.close()


@pytest.fixture
def page(open_page, cookies_of):
    """The demo person's day, in a browser that reads barcodes."""
    page = open_page(storage_state=cookies_of("demo"))
    page.add_init_script(DETECTOR)
    page.goto("/diary")
    return page


def test_a_barcode_is_scanned_once_and_known_from_then_on(page):
    page.get_by_role("link", name="Scan a barcode").click()
    arrive_at(page, "Scan a barcode")
    camera = page.get_by_role("region", name="Camera")

    press(page, "Start the camera")
    expect(camera).to_contain_text("The camera may not be used here")
    expect(camera.locator("video")).to_be_hidden()
    page.context.grant_permissions(["camera"])
    press(page, "Start the camera")
    expect(camera).to_contain_text("Looking for a barcode")
    expect(camera.locator("video")).to_be_visible()
    press(page, "Stop the camera")
    expect(camera).to_contain_text("The camera is off")
    page.evaluate(f"shown = ['https://evil.example/', '{DIGITS}']")
    press(page, "Start the camera")

    arrive_at(page, "A food of your own")
    expect(page.get_by_role("main")).to_contain_text("it is yours for next time")
    expect(page.get_by_label("Barcode")).to_have_value(DIGITS)
    page.get_by_label("Name").fill("Scanned oat milk")
    page.get_by_label("Energy (kcal)").fill("46")
    press(page, "Keep this food")
    arrive_at(page, "Scanned oat milk")

    page.goto("/foods/barcode")
    photo = {
        "name": "photo.jpg",
        "mimeType": "image/jpeg",
        "buffer": sent(printed(DIGITS).rotate(90, expand=True)),
    }
    page.get_by_label("A photo of it").set_input_files(photo)
    press(page, "Find the food")
    expect(heading(page)).to_have_text("Scanned oat milk")
