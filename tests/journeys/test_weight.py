"""What a day costs a phone: requests, bytes, and how far things move by themselves. Never times."""

import gzip
from datetime import timedelta

import pytest
from acts import entries, notice
from playwright.sync_api import Page, expect

MOST_REQUESTS = 8
MOST_BYTES = 60_000
# What web.dev calls good is 0.1 at most.
MOST_SHIFTED = 0.05
# Adds up how far things moved by themselves: a share of the window, by how far they went.
WATCH_SHIFTS = """shifted = 0;
new PerformanceObserver((list) => {
  for (const shift of list.getEntries()) shifted += shift.value;
}).observe({ type: "layout-shift", buffered: true });"""
PAINTED_TWICE = (
    "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(shifted))))"
)
MOST_PACKED = {"document": 15_000, "script": 25_000, "stylesheet": 12_000}


def cold(page: Page, address: str) -> list:
    """Open a page with nothing kept from before, and note every request."""
    finished = []
    page.on("requestfinished", lambda request: finished.append(request))
    page.goto(address)
    page.wait_for_load_state("networkidle")
    return finished


def on_the_wire(request) -> int:
    sizes = request.sizes()
    return sizes["responseHeadersSize"] + sizes["responseBodySize"]


def packed(requests, kind: str) -> int:
    """How many bytes the answers of a kind are, compressed."""
    return sum(len(gzip.compress(each.response().body())) for each in requests if each.resource_type == kind)


def test_a_full_day_is_light(open_page, cookies_of, live, today):
    page = open_page(storage_state=cookies_of("demo"))
    requests = cold(page, f"/diary/{today - timedelta(days=2)}")

    assert entries(page).count() >= 8
    assert len(requests) <= MOST_REQUESTS
    assert sum(on_the_wire(request) for request in requests) <= MOST_BYTES
    assert all(request.url.startswith(live.url) for request in requests)


@pytest.mark.parametrize("kind", MOST_PACKED)
def test_even_a_hard_day_is_light_once_packed(kind, open_page, cookies_of, today):
    requests = cold(open_page(storage_state=cookies_of("hanna")), f"/diary/{today}")

    assert 0 < packed(requests, kind) <= MOST_PACKED[kind]


def test_the_second_page_fetches_nothing_but_itself(open_page, cookies_of):
    page = open_page(storage_state=cookies_of("demo"))
    cold(page, "/diary")
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    kept, received = set(), {}
    network.on("Network.requestServedFromCache", lambda event: kept.add(event["requestId"]))
    network.on("Network.responseReceived", lambda event: received.update({event["requestId"]: event}))

    page.get_by_role("link", name="The day before").click()
    page.get_by_role("link", name="Go to today").wait_for()
    page.wait_for_load_state("networkidle")

    # Chromium asks for the little picture on the tab whenever it likes.
    fetched = [event["response"] for key, event in received.items() if key not in kept]
    fetched = [each for each in fetched if not each["fromDiskCache"] and "favicon" not in each["url"]]
    assert [each["mimeType"] for each in fetched] == ["text/html"]


def test_nothing_moves_by_itself_while_a_day_arrives_and_after_food_is_logged(open_page, cookies_of):
    page = open_page(storage_state=cookies_of("demo"))
    page.add_init_script(WATCH_SHIFTS)
    cold(page, "/diary")
    assert page.evaluate(PAINTED_TWICE) <= MOST_SHIFTED

    # Without a press, for what moves right after one does not count.
    page.locator(".tile").first.evaluate("tile => tile.form.requestSubmit(tile)")
    expect(notice(page)).to_contain_text("Logged")

    assert page.evaluate(PAINTED_TWICE) <= MOST_SHIFTED
