"""A browser before the real app. An error, a CSP violation or a request to another host fails the test."""

import contextlib
import sys
from datetime import date, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest
from chromium import launch_arguments
from live_app import ROOT, App, furnish, live_app, sqlite_away
from looks import PHONE, Look
from noon import where_it_is_noon
from playwright.sync_api import Page, expect
from scenes import come_in
from sqlalchemy import make_url

sys.path.insert(0, str(ROOT / "bin"))

from _payments.app import SECRET
from _payments.serving import served, stock
from _payments.webhooks import Courier
from _payments.world import World

# So long may anything take before a journey gives up, for the machine may be busy.
PATIENCE_MILLISECONDS = 30_000
# Most journeys are those of a browser without a service worker: what it sends, a test could not hold up.
WITHOUT_WORKER = "Service Worker registration blocked by Playwright"
# Demo's diary begins later than the first of these.
DAYS_BACK = count(200, 10)
expect.set_options(timeout=PATIENCE_MILLISECONDS)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {**browser_type_launch_args, **launch_arguments()}


@pytest.fixture(scope="session")
def live(make_database, migrated_url, zone, request):
    url = make_database(copy_of=migrated_url)
    furnish(url, zone)
    away = sqlite_away if url.startswith("sqlite") else postgres_away(request.getfixturevalue("postgres"))
    with served(World()) as provider:
        world = provider.extensions["world"]
        stock(world)
        with live_app(url, STRIPE_API_URL=world.url) as address:
            Courier(world, f"{address}/webhooks/stripe", SECRET).start()
            yield App(address, url, lambda: away(url), provider)


def postgres_away(server):
    """Close a database to everybody, and open it again."""

    @contextlib.contextmanager
    def away(url: str):
        name = make_url(url).database
        server.run(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        server.run(f"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{name}'")
        try:
            yield
        finally:
            server.run(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")

    return away


@pytest.fixture(scope="session")
def zone() -> str:
    """The time zone that everybody lives in: one in which it is noon."""
    return where_it_is_noon()


@pytest.fixture
def today(zone) -> date:
    """What everybody's calendar says."""
    return datetime.now(ZoneInfo(zone)).date()


@pytest.fixture
def free_day(today) -> date:
    """A day long ago on which nothing was logged, nor on those that follow it; one test alone has it."""
    return today - timedelta(days=next(DAYS_BACK))


class Watch:
    """Notes whatever a browser complains about, and whom it asks."""

    def __init__(self, context, origin: str, allowed: list[str]):
        self.troubles: list[str] = []
        self.origin = origin
        self.allowed = allowed
        context.on("weberror", lambda error: self.note(str(error.error)))
        context.on("console", lambda said: said.type in ("error", "warning") and self.note(said.text))
        context.on("request", self.look_at)
        context.on("response", self.look_at_answer)

    def look_at(self, request) -> None:
        if not request.url.startswith((self.origin, "blob:", "about:")):
            self.note(f"asked another host: {request.url}")

    def look_at_answer(self, response) -> None:
        is_page = response.request.resource_type in ("document", "fetch") and "/static/" not in response.url
        if (
            is_page
            and not response.from_service_worker
            and response.headers.get("cache-control") != "no-store"
        ):
            self.note(f"may be kept by the browser: {response.url}")

    def note(self, text: str) -> None:
        self.troubles.append(text)

    @property
    def unexpected(self) -> list[str]:
        allowed = (*self.allowed, WITHOUT_WORKER)
        return [text for text in self.troubles if not any(part in text for part in allowed)]


@pytest.fixture
def allowed() -> list[str]:
    """What a browser may complain about in this test; a test that goes wrong on purpose adds to it."""
    return []


@pytest.fixture
def open_page(browser, live, zone, allowed):
    """Open a browser of its own: how it looks, with JavaScript or without, with which cookies."""
    opened = []

    def open_page(look: Look = PHONE, **more) -> Page:
        more.setdefault("timezone_id", zone)
        more.setdefault("service_workers", "block")
        more.setdefault("base_url", live.url)
        context = browser.new_context(viewport=look.viewport, color_scheme=look.scheme, **more)
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        opened.append((context, Watch(context, more["base_url"], allowed)))
        return context.new_page()

    yield open_page
    troubles = [trouble for _, watch in opened for trouble in watch.unexpected]
    for context, _ in opened:
        context.close()
    assert not troubles


@pytest.fixture
def page(open_page) -> Page:
    return open_page()


@pytest.fixture(scope="session")
def cookies_of(browser, live, zone):
    """Sign somebody in, through the form and only once."""
    known = {}

    def cookies_of(person: str) -> dict:
        if person not in known:
            context = browser.new_context(base_url=live.url, timezone_id=zone, service_workers="block")
            come_in(context.new_page(), person)
            known[person] = context.storage_state()
            context.close()
        return known[person]

    return cookies_of
