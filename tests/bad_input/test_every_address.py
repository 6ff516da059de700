"""Addresses that nobody was given: made up, cut short, or somebody else's."""

from uuid import uuid4

import pytest
from flask import request, request_finished
from values import LONG, VALUES

DAYS = (
    "2026-02-30",
    "2026-13-01",
    "0001-01-01",
    "1899-12-31",
    "2201-01-01",
    "9999-12-31",
    "2026-1-1",
    "20261121",
    "٢٠٢٦-١١-٢١",
    "today",
    "NaN",
    "-1",
    "%00",
    "%ff",
    "2026-11-21%00",
    "{{7*7}}",
)
IDS = ("%00", "%ff", "1", "-1", "NaN", "no-uuid", "{{7*7}}", "%3Cscript%3E", "9" * 40, str(uuid4()))
# What stands behind the question mark, wherever anything does.
PARAMETERS = (
    "q",
    "day",
    "meal",
    "name",
    "gtin",
    "next",
    "v",
    "page",
    "id",
    "older",
    "newer",
    "plan",
    "state",
)
PARAMETERS += ("status", "kind", "customer", "actor", "act", "object", "since", "until")


@pytest.fixture
def alices(sign_in, alice):
    return sign_in(alice)


@pytest.fixture
def addresses(app, cast):
    """Every address of a method, with a word in place of one of its parts."""
    good = {"day": "2026-11-21", "id": cast["entry"], "token": "x", "filename": "css/all.css"}
    good |= {f"{name}_id": cast[name] for name in ("food", "meal", "saved_meal", "user")}

    def addresses(method: str, part: str, words):
        for rule in app.url_map.iter_rules():
            if method in rule.methods and part in rule.arguments:
                for word in words:
                    address = rule.rule
                    for name in rule.arguments:
                        converter = rule._converters[name].__class__.__name__
                        spelt = {"DayConverter": "date:", "UUIDConverter": "uuid:", "PathConverter": "path:"}
                        there = f"<{spelt.get(converter, '')}{name}>"
                        address = address.replace(there, str(word if name == part else good[name]))
                    assert "<" not in address
                    yield address

    return addresses


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS"])
@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("day", DAYS),
        ("filename", ("%00", "../x", "..%2fx")),
        *((part, IDS) for part in ("id", "food_id", "meal_id", "saved_meal_id", "user_id")),
    ],
)
def test_an_address_that_is_nothing_is_a_404(alices, addresses, contents, method, part, words):
    before = contents()
    for address in addresses(method, part, words):
        answer = alices.open(address, method=method, data={})
        nothing = 403 if address.startswith("/admin/") and method != "OPTIONS" else 404
        assert answer.status_code in (404, nothing) or method == "OPTIONS", address
    assert contents() == before


def test_a_strangers_id_in_an_address_is_a_404(alices, addresses, cast, contents):
    stolen = [cast[name] for name in cast if name.startswith("bobs_")]
    before = contents()
    for method in ("GET", "POST"):
        for part in ("id", "food_id", "meal_id", "saved_meal_id", "user_id"):
            for address in addresses(method, part, stolen):
                answer = alices.open(address, method=method, data={"amount": "1"})
                assert answer.status_code == (403 if address.startswith("/admin/") else 404), address
    assert contents() == before


def test_an_entry_is_not_found_on_another_day(alices, cast, contents):
    before = contents()
    for ending in ("", "/delete"):
        address = f"/diary/2026-11-22/entries/{cast['entry']}{ending}"
        assert alices.post(address, data={"amount": "1"}).status_code == 404
    assert contents() == before


def is_a_page(rule) -> bool:
    return "GET" in rule.methods and not rule.arguments and not rule.endpoint.startswith("styleguide.")


OF_THE_CAST = ("/foods/{food}", "/diary/2026-11-21", "/diary/2026-11-21/entries/{entry}/edit")
OF_THE_CAST += ("/saved-meals/{saved_meal}",)
# Where a visitor is sent from with the whole question, by what does so for every page.
FOR_PEOPLE_ONLY = "/account"


@pytest.fixture(scope="session")
def deaf() -> set:
    """Who answered a bad question without having looked at it: to any other they say the same."""
    return set()


@pytest.fixture
def looked(app):
    """Whether the last answer came of a look at the question."""
    found = [False]

    def note(*_, **__):
        found[0] = "args" in vars(request._get_current_object())

    with request_finished.connected_to(note, app):
        yield lambda: found[0]


@pytest.mark.parametrize("what", VALUES)
def test_a_bad_question_breaks_no_page(app, alices, sign_in, ada, cast, contents, deaf, looked, what):
    pages = [rule.rule for rule in app.url_map.iter_rules() if is_a_page(rule)]
    question = {name: VALUES[what] for name in PARAMETERS}
    adas, visitor = sign_in(ada), app.test_client()
    before = contents()
    for page in (*pages, *OF_THE_CAST):
        for browser in (adas if page.startswith("/admin") else alices, visitor):
            asked = (page, browser is visitor)
            if asked in deaf:
                continue
            answer = browser.get(page.format_map(cast), query_string=question)
            assert answer.status_code in (200, 303), page
            assert b"<script>alert" not in answer.data
            if not looked() and page != FOR_PEOPLE_ONLY:
                deaf.add(asked)
    assert contents() == before


def test_a_search_shows_what_was_searched_for(alices):
    page = alices.get("/foods/search", query_string={"q": '"><script>alert(1)</script> \N{KIWIFRUIT}'}).text

    assert "&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt; \N{KIWIFRUIT}" in page


@pytest.mark.parametrize(
    "query", ["q=%", "q=%00", "q=%ff%fe", "q", "=", "&&&", "q=a&q=b", "q[]=a", "%00=%00"]
)
def test_a_broken_question_is_still_answered(alices, query):
    assert alices.get(f"/foods/search?{query}").status_code == 200


@pytest.mark.parametrize("text", ["%", "_", "\\", "%%%", "'", '"', "a\\%b", LONG, "\u0301", "ı İ ß ﬁ", "🥝"])
def test_any_text_may_be_searched_for(alices, text):
    assert alices.get("/foods/search", query_string={"q": text}).status_code == 200


@pytest.mark.parametrize(
    "address",
    ["/.env", "/.git/config", "/instance/caloria.db", "/console", "/static/../wsgi.py", "/%2e%2e/"],
)
def test_nothing_else_lies_open(client, address):
    for page in (address, f"{address}?__debugger__=yes&cmd=resource&f=style.css"):
        assert client.get(page).status_code == 404
