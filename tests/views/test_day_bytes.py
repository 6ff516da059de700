"""How long a full day is, before it is packed."""

from datetime import date, timedelta

import pytest
from pages import Page

from caloria.operations import demo

MOST_BYTES = 20_000
FULL = (12, 13, 14)  # entries


@pytest.fixture
def demos(make_app, make_database, demo_url):
    """A browser in which somebody is signed in who has kept a diary for months."""
    browser = make_app(make_database(copy_of=demo_url)).test_client()
    assert browser.post("/login", data={"email": demo.EMAIL, "password": demo.PASSWORD}).status_code == 303
    return browser


def test_a_full_day_is_at_most_20_kb_of_html(demos):
    today = date.fromisoformat(demos.get("/diary").location.rpartition("/")[2])
    pages = [demos.get(f"/diary/{today - timedelta(days=back)}") for back in range(30)]
    entries = [sum(link.endswith("/edit") for link in Page(page).links) for page in pages]

    full = [len(page.data) for page, eaten in zip(pages, entries, strict=True) if eaten in FULL]
    assert full
    assert max(full) <= MOST_BYTES
