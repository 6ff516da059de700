"""The release before this code, as CHANGELOG.md names it, on the schema that this code migrates to."""

import pytest
from releases import the_one_before
from serving import Browser, gunicorn
from surroundings import PASSWORD, flask

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def previous(tmp_path_factory):
    return the_one_before(tmp_path_factory.mktemp("previous"))


def test_it_serves_beside_this_code(previous, make_database, migrated_url):
    url = make_database(copy_of=migrated_url)
    with gunicorn(url, previous) as old_port, gunicorn(url) as new_port:
        old, new = Browser(old_port), Browser(new_port)
        form = old.get("/signup")
        person = {"name": "Ann", "email": "ann@example.org", "password": PASSWORD, "time_zone": "UTC"}
        assert old.post("/signup", person | {"id": form.field("id")}).status == 303
        assert new.sign_in("ann@example.org", PASSWORD).status == 303
        assert old.get("/health/database").status == 200
        for browser in (old, new):
            assert browser.get("/diary", Accept="text/html").status == 303
            assert browser.get("/account").status == 200


def test_its_commands_run_and_say_that_the_database_is_newer(previous, make_database, migrated_url):
    url = make_database(copy_of=migrated_url)
    for words in (["foods", "import", "starter"], ["demo", "load"]):
        result = flask(*words, url=url, folder=previous)
        assert result.returncode == 0, result.stderr
        assert "newer than this code" in result.stderr


def test_it_does_not_migrate_what_it_does_not_know(previous, make_database, migrated_url):
    result = flask("db", "upgrade", url=make_database(copy_of=migrated_url), folder=previous)
    assert result.returncode == 81, result.stderr
