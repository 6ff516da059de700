"""Offline: the last days can be read; what is logged waits, and is sent once and as the same person."""

import re
from contextlib import suppress
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from acts import arrive_at, entries, entry, heading, new_email, notice, sign_in, sign_up
from live_app import live_app
from middleman import Middleman
from playwright.sync_api import Error, Page, expect
from serving import wait_for

# What browsers write to the console about a connection that is gone.
GONE = ("ERR_INTERNET_DISCONNECTED", "ERR_CONNECTION_REFUSED", "ERR_FAILED", "Failed to fetch")
IS_ACTIVE = "() => navigator.serviceWorker.ready.then(() => true)"
IS_KEPT = "async () => Boolean(await caches.match(location.href, { ignoreVary: true }))"

# As many tabs would ask for it.
SEND_AT_ONCE = """() => {
  const { person } = document.documentElement.dataset;
  for (let i = 0; i < 8; i += 1) navigator.serviceWorker.controller.postMessage({ act: "send", person });
}"""

# Went back to, and filled in anew: the same id twice, and something else each time.
LOG_BOTH = """async (amounts) => {
  const form = document.querySelector("#quick form");
  for (const kcal of amounts) {
    const said = new URLSearchParams(new FormData(form));
    said.set("energy_kcal", kcal);
    await fetch(form.action, { method: "POST", body: said, headers: { Accept: "text/html" } });
  }
}"""


@pytest.fixture
def open_app(open_page, allowed):
    """Open a browser that has Caloria there without a connection too."""
    allowed.extend(GONE)

    def open_app(**more) -> Page:
        return open_page(service_workers="allow", **more)

    return open_app


@pytest.fixture
def diary(open_app, cookies_of, free_day) -> Page:
    """A day of Demo's on which nothing is logged, kept in the browser."""
    page = open_app(storage_state=cookies_of("demo"))
    see(page, f"/diary/{free_day}")
    return page


def see(page: Page, address: str) -> None:
    """Open a page so that it is kept: it has to come by the service worker, and is stored a moment later."""
    page.goto(address)
    page.evaluate(IS_ACTIVE)
    page.reload()
    wait_for(lambda: page.evaluate(IS_KEPT))


def shows_the_day(page: Page, address: str) -> bool:
    """Once there is a connection again; a page without one looks by itself, and may do so just now."""
    with suppress(Error):
        page.goto(address)
    return heading(page).text_content() == "Today"


def shows_weight(page: Page, weight: str) -> bool:
    """Once what waited was sent."""
    with suppress(Error):
        page.goto("/weights")
    return page.locator("#main").get_by_text(weight).count() > 0


def quick(page: Page, kcal: str) -> None:
    if not page.get_by_label("Energy (kcal)").is_visible():
        page.locator("#quick summary").click()
    page.get_by_label("Energy (kcal)").fill(kcal)
    page.get_by_label("Energy (kcal)").press("Enter")


def strip(page: Page):
    return page.locator("#offline")


def test_a_day_that_was_seen_can_be_read_and_logged_on_offline(diary):
    diary.context.set_offline(True)
    diary.reload()

    expect(strip(diary)).to_contain_text(re.compile(r"You are offline. This is how it was at \d\d:\d\d"))
    quick(diary, "345")
    expect(notice(diary)).to_contain_text("kept on this device")
    quick(diary, "346")
    expect(strip(diary)).to_contain_text("2 waiting to be sent")
    diary.context.set_offline(False)

    expect(notice(diary)).to_contain_text("Sent what was waiting: 2.")
    expect(entries(diary)).to_have_count(2)
    expect(strip(diary)).to_be_hidden()


def test_two_tabs_send_what_waits_once(diary):
    other = diary.context.new_page()
    other.goto(diary.url)
    posts = []
    diary.context.on("request", lambda request: request.method == "POST" and posts.append(request.url))
    diary.context.set_offline(True)
    quick(diary, "345")
    for page in (diary, other):
        expect(strip(page)).to_contain_text("1 waiting to be sent")
    del posts[:]
    diary.context.set_offline(False)
    diary.evaluate(SEND_AT_ONCE)

    for page in (diary, other):
        expect(entries(page)).to_have_count(1)
        expect(strip(page)).to_be_hidden()
    assert len(posts) == 1


def test_what_the_server_refuses_stays_with_its_words_until_it_is_mended(diary, allowed):
    allowed.append("status of 422")
    diary.context.set_offline(True)
    quick(diary, "99999")
    expect(strip(diary)).to_contain_text("1 waiting to be sent")
    diary.context.set_offline(False)

    expect(strip(diary)).to_contain_text("Energy (kcal): ")
    strip(diary).get_by_role("button", name="Look at it").click()
    expect(diary.locator("[data-errors]").first).to_be_focused()
    expect(diary.get_by_label("Energy (kcal)")).to_have_value("99999")
    quick(diary, "999")

    expect(entries(diary)).to_have_count(1)
    expect(strip(diary)).to_be_hidden()


@pytest.fixture
def alice(open_app, zone) -> Page:
    """Somebody new, on a day of theirs that is kept in the browser."""
    page = open_app()
    sign_up(page, zone)
    see(page, "/diary")
    return page


def test_what_waits_is_sent_after_signing_in_again_and_never_as_another(alice, open_app, zone):
    email = new_email("bob")
    sign_up(open_app(), zone, email)
    mine = alice.evaluate("document.documentElement.dataset.person")
    alice.context.set_offline(True)
    quick(alice, "345")
    expect(strip(alice)).to_contain_text("1 waiting to be sent")
    cookies = alice.context.cookies()
    alice.context.clear_cookies()
    alice.context.set_offline(False)
    expect(strip(alice)).to_contain_text("You were signed out in the meantime")

    strip(alice).get_by_role("link", name="Sign in").click()
    sign_in(alice, email, "blue bicycle 42")
    arrive_at(alice, "Today")
    assert alice.evaluate("document.documentElement.dataset.person") != mine
    expect(strip(alice)).to_be_hidden()
    alice.context.set_offline(True)
    alice.context.set_offline(False)
    expect(entries(alice)).to_have_count(0)
    alice.context.clear_cookies()
    alice.context.add_cookies(cookies)
    alice.goto("/diary")

    expect(notice(alice)).to_contain_text("Sent what was waiting: 1.")
    expect(entry(alice, "345")).to_have_count(1)


def test_signing_out_clears_the_pages_and_asks_about_what_waits(alice):
    day = alice.url
    alice.context.set_offline(True)
    quick(alice, "345")
    expect(strip(alice)).to_contain_text("1 waiting to be sent")
    alice.get_by_role("button", name="Sign out", exact=True).click()
    alice.get_by_role("button", name="Stay signed in").click()
    alice.get_by_role("button", name="Sign out", exact=True).click()
    alice.get_by_role("button", name="Sign out and throw it away").click()
    expect(alice.get_by_text("you are still signed in")).to_be_visible()
    alice.goto(day)
    expect(heading(alice)).to_have_text("No connection")
    expect(alice.get_by_text("Days you can read")).to_be_hidden()
    alice.context.set_offline(False)

    wait_for(lambda: shows_the_day(alice, day))
    expect(entries(alice)).to_have_count(0)
    alice.get_by_role("button", name="Sign out", exact=True).click()
    expect(alice.get_by_role("link", name="Start a diary")).to_be_visible()
    alice.context.set_offline(True)
    alice.goto(day)
    expect(heading(alice)).to_have_text("No connection")


def test_only_the_last_days_are_kept_and_no_other_pages(diary):
    for address in ("/account", "/foods", "/targets"):
        diary.goto(address)
    kept = diary.evaluate(
        """async () => {
          const names = (await caches.keys()).filter((name) => name.startsWith("pages-"));
          const pages = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
          return pages.flat().map((request) => new URL(request.url).pathname);
        }"""
    )

    assert kept
    assert all(re.fullmatch(r"/diary/\d{4}-\d\d-\d\d", path) for path in kept)


def test_while_the_server_is_down_a_form_that_leaves_its_page_waits_too(browser, live, cookies_of, free_day):
    with live_app(live.database) as address:
        page = browser.new_context(base_url=address, storage_state=cookies_of("demo")).new_page()
        see(page, f"/diary/{free_day}")
        page.goto(f"/foods/search?q=rolled oats&day={free_day}")
        page.locator("#found .item__link").first.click()
        arrive_at(page, "Rolled oats, dry")
    page.get_by_role("button", name=re.compile("^Add to")).click()
    expect(strip(page)).to_contain_text("Caloria can't be reached right now. This is how it was at")
    expect(strip(page)).to_contain_text("1 waiting to be sent")
    expect(entries(page)).to_have_count(0)

    with live_app(live.database, urlsplit(address).port):
        strip(page).get_by_role("button", name="Try again").click()
        expect(notice(page)).to_contain_text("Sent what was waiting: 1.")
        expect(entry(page, "Rolled oats")).to_have_count(1)
        page.context.close()


def test_whatever_answers_in_calorias_place_nothing_is_lost_and_nothing_waits_behind_it(
    open_app, cookies_of, live, free_day, allowed
):
    allowed += ["status of 500", "status of 413"]
    with Middleman(live.url) as middleman:
        page = open_app(storage_state=cookies_of("demo"), base_url=middleman.url)
        see(page, f"/diary/{free_day}")
        page.wait_for_load_state("networkidle")
        middleman.answers = {None: 200}
        quick(page, "345")
        expect(notice(page)).to_contain_text("kept on this device")
        page.evaluate(LOG_BOTH, ["346", "347"])
        expect(strip(page)).to_contain_text("3 waiting to be sent")
        for status in (500, 413):
            middleman.answers = {b"=345": status}
            page.reload()
            expect(strip(page)).to_contain_text("1 waiting to be sent")
            expect(strip(page)).to_contain_text("Something went wrong at Caloria's end")
        expect(entry(page, "346").or_(entry(page, "347"))).to_have_count(2)
        middleman.answers = {}
        page.reload()

        expect(entries(page)).to_have_count(3)
        expect(strip(page)).to_be_hidden()
        middleman.shutdown()


def test_a_weight_is_logged_offline_and_a_page_of_yesterday_does_not_pass_for_today(alice, today):
    see(alice, "/trends")
    alice.context.set_offline(True)
    alice.reload()
    alice.get_by_label("Today's weight", exact=True).fill("71.3")
    alice.get_by_role("button", name="Log today's weight").click()
    expect(strip(alice)).to_contain_text("1 waiting to be sent")
    strip(alice).locator("summary").click()
    expect(strip(alice)).to_contain_text("Today's weight 71.3")
    alice.clock.set_system_time(f"{today + timedelta(days=1)}T09:00:00")
    alice.reload()
    expect(alice.get_by_label("Day", exact=True)).to_have_value(str(today + timedelta(days=1)))
    alice.goto(f"/diary/{today}")
    expect(heading(alice)).to_contain_text(str(today.day))
    alice.context.set_offline(False)

    wait_for(lambda: shows_weight(alice, "71.3"))
