"""Which pages are asked for, of both servers alike, and as whom."""

from contextlib import redirect_stderr
from io import StringIO
from itertools import chain, zip_longest
from typing import NamedTuple
from urllib.parse import urlencode

import _setup
from sqlalchemy import event

from caloria import create_app
from caloria.extensions import db
from config import Config

DAY_PAGE, TREND_PAGE = "/diary/{day}", "/trends?days=90"


class Request(NamedTuple):
    path: str
    cookie: str = ""
    kind: str = "page"
    form: dict[str, str] | None = None

    def said_to(self, port):
        """What bench/client.py is told to ask for, and which status it should get."""
        method, status = ("GET", 200) if self.form is None else ("POST", 303)
        head = [f"{method} {self.path} HTTP/1.1", f"Host: 127.0.0.1:{port}"]
        head += [f"Cookie: {self.cookie}"] if self.cookie else []
        body = urlencode(self.form or {})
        if self.form:
            head += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        return {"kind": self.kind, "status": status, "text": "\r\n".join([*head, "", body])}


class Pages:
    """The days of the people who are signed in, one person after the other."""

    def __init__(self, path, signed_in, environment):
        self.path = path
        each_ones = [[(person, day) for day in person["days"]] for person in signed_in]
        self.visits = [visit for visit in chain(*zip_longest(*each_ones)) if visit]
        with redirect_stderr(StringIO()):  # the guard says that .env is not heeded here
            self.app = create_app(Config.load({**environment, "LOG_LEVEL": "WARNING"}, root=_setup.ROOT))
        self.browsers = {person["token"]: self.sign_in(person) for person in signed_in}

    def sign_in(self, person):
        """A browser in which the person is signed in and has seen a page: its forms have their token."""
        browser = self.app.test_client()
        with browser.session_transaction() as session:
            session.update(_user_id=person["token"], _fresh=True)
        browser.get(self.path.format(day=person["days"][0]))
        return browser

    @property
    def for_app(self):
        return [Request(self.path.format(day=day), self.cookie(person)) for person, day in self.visits]

    @property
    def for_bare(self):
        return [Request(f"/{person['user_id']}/{day}") for person, day in self.visits]

    def cookie(self, person):
        cookie = self.browsers[person["token"]].get_cookie(self.app.config["SESSION_COOKIE_NAME"])
        return f"{cookie.key}={cookie.value}"

    def most_statements(self):
        """Count the statements of every page but BEGIN, ROLLBACK and the pool's ping; return the most."""
        counts = []

        def count(*_):
            counts[-1] += 1

        with self.app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", count)
        for person, day in self.visits:
            counts.append(0)
            self.browsers[person["token"]].get(self.path.format(day=day))
        engine.dispose()
        return max(counts)
