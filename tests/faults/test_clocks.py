"""A server whose clock is wrong, beside one whose clock is right."""

from pathlib import Path

import pytest
from clusters import execute
from serving import Browser, server
from surroundings import PASSWORD
from writing import writers

from caloria.extensions import db
from caloria.models import PasswordReset, Session, Signup

pytestmark = pytest.mark.slow
LIBRARY = next((str(file) for file in Path("/usr/lib").glob("*/faketime/libfaketime.so.1")), None)
# When anything was written, by whichever server; the database was made when the suite began.
MOMENTS = {
    "sessions": "created_at",
    "throttles": "since",
    "entries": "created_at",
    "acts": "made_at",
    "audit_events": "at",
}
OFF = "SELECT {1} FROM {0} WHERE abs(extract(epoch FROM now() - {1})) > 3600"


@pytest.fixture
def right(engine_name, make_app):
    if engine_name != "postgresql":
        pytest.skip("a file has no clock of its own")
    return make_app(CALORIA_SERVER="right")


@pytest.fixture(params=["+2h", "-2h", "+40d"])
def wrong(request, right):
    if LIBRARY is None:
        pytest.skip("NO CLOCK WAS WRONG: faketime is not installed here")
    faked = {"LD_PRELOAD": LIBRARY, "FAKETIME": request.param, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    faked["PYTHONPATH"] = str(Path(__file__).with_name("faked_clock"))
    url = right.extensions["caloria_config"].database_url.render_as_string(False)
    with server(url, CALORIA_SERVER="wrong", **faked) as started:
        yield started


@pytest.fixture
def alice(right):
    """Alice's browser on the server that is right, and the link that she asked for there."""
    with right.app_context():
        alice = Signup("Alice", "alice@example.org", PASSWORD, "Europe/Madrid").complete()
        db.session.flush()
        token = Session.start(alice).token
        reset = PasswordReset.begin(alice)
        db.session.commit()
    browser = right.test_client()
    with browser.session_transaction() as session:
        session["_user_id"] = token
    return browser, reset


def test_it_goes_by_the_clock_of_the_database(right, wrong, alice):
    browser, reset = alice
    there = Browser(wrong.port, cookies={"caloria": browser.get_cookie("caloria").value})
    assert there.get("/account").status == 200
    assert there.get("/diary").headers["Location"] == browser.get("/diary").location
    assert Browser(wrong.port).get(f"/password/reset/{reset}").field("password") == ""

    other = Browser(wrong.port)
    assert other.post("/login", {"email": "alice@example.org", "password": "not hers"}).status == 422
    assert other.sign_in("alice@example.org", PASSWORD).status == 303
    assert browser.get("/account").status_code == 200
    browser.set_cookie("caloria", other.cookies["caloria"])
    assert browser.get("/account").status_code == 200

    url = right.extensions["caloria_config"].database_url
    with writers(wrong.port) as team:
        team.get()
    team.assert_exactly_once(url, {303})
    for table, moment in MOMENTS.items():
        assert execute(url, OFF.format(table, moment)) == [], table
