"""Several real servers, one of them pointed at a copy: which of them write to this database is told."""

import re

import pytest
from serving import Browser, gunicorn, wait_for
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool
from surroundings import PASSWORD, flask

pytestmark = pytest.mark.slow
ALL = {"CALORIA_SERVERS": "web-1, web-2, web-3"}


@pytest.fixture
def populated(make_app, password_hash):
    """Make a database with so many people, the first of whom is an admin."""

    def make(people: int) -> str:
        from caloria.extensions import db
        from caloria.models import Signup

        app = make_app()
        with app.app_context():
            for number in range(people):
                signup = Signup(f"Person {number}", f"p{number}@example.org", PASSWORD, "UTC")
                signup.password_hash = password_hash
                signup.complete(is_admin=number == 0)
            db.session.commit()
            url = db.engine.url.render_as_string(hide_password=False)
            db.session.remove()
            db.engine.dispose()
            return url

    return make


def execute(url: str, sql: str):
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        result = connection.exec_driver_sql(sql)
        return result.all() if result.returns_rows else []


def shown(url: str) -> str:
    result = flask("database", "show", url=url, **ALL)
    assert result.returncode == 0, result.stderr
    return result.stdout


def lines(text: str, word: str) -> list[str]:
    """The names of the servers in the lines that begin with that word."""
    return re.findall(rf"^{word} +(\S+)", text, re.MULTILINE)


def beats(url: str) -> int:
    """How many servers say that they are here; asked of the database, for a command takes a second."""
    ((count,),) = execute(url, "SELECT count(*) FROM servers")
    return count


def admin_page(port: int) -> str:
    browser = Browser(port)
    assert browser.sign_in("p0@example.org", PASSWORD).status == 303
    answer = browser.get("/admin/database")
    assert answer.status == 200
    return re.sub(r"<[^>]+>|\s+", " ", answer.text)


def identity(url: str) -> str:
    (row,) = execute(url, "SELECT uuid FROM identity")
    return str(row[0]).replace("-", "")[:8]


def test_a_server_that_writes_to_a_copy_is_missed(populated, make_database):
    url = populated(22)
    copy = make_database(copy_of=url)
    execute(copy, "DELETE FROM sessions")
    with gunicorn(url, CALORIA_SERVER="web-1", **ALL) as port, gunicorn(url, CALORIA_SERVER="web-2", **ALL):
        with gunicorn(url, CALORIA_SERVER="web-3", **ALL):
            wait_for(lambda: beats(url) == 3)
            assert lines(shown(url), "writes here") == ["web-1", "web-2", "web-3"]
        with gunicorn(copy, CALORIA_SERVER="web-3", **ALL) as port_of_copy:
            wait_for(lambda: beats(copy) == 1)
            # A minute passes.
            execute(url, "UPDATE servers SET last_seen_at = '2026-01-01 12:00:00' WHERE name = 'web-3'")

            said = shown(url)
            assert lines(said, "MISSING") == ["web-3"]
            assert lines(said, "writes here") == ["web-1", "web-2"]
            of_the_copy = shown(copy)
            assert lines(of_the_copy, "writes here") == ["web-3"]
            assert lines(of_the_copy, "MISSING") == ["web-1", "web-2"]
            assert "web-3 does not write here" in " ".join(admin_page(port).split())
            assert "web-1 does not write here" in " ".join(admin_page(port_of_copy).split())


def test_every_figure_says_whose_it_is(populated):
    many, one = populated(22), populated(1)
    with gunicorn(many) as port_of_many, gunicorn(one) as port_of_one:
        for url, port, people in ((many, port_of_many, "22"), (one, port_of_one, "1")):
            page = " ".join(admin_page(port).split())
            for figure in (f"People {people} ", "Foods 0 ", "Entries 0 "):
                after = page.partition(figure)[2]
                assert re.match(rf"\S+ \({identity(url)}\), \d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d UTC", after), (
                    page
                )
            said = shown(url)
            for line in re.findall(r"^(?:users|foods|entries) .*", said, re.MULTILINE):
                assert re.search(rf"\({identity(url)}\), .* UTC$", line), line
            assert re.search(rf"^users +{people} ", said, re.MULTILINE)


def test_what_cannot_be_read_is_unknown_and_never_zero(populated):
    url = populated(1)
    with gunicorn(url) as port:
        execute(url, "ALTER TABLE entries RENAME TO entries_away")

        said = shown(url)
        assert re.search(r"^entries +unknown", said, re.MULTILINE)
        assert re.search(r"^users +1 ", said, re.MULTILINE)
        assert "Entries unknown " in " ".join(admin_page(port).split())
