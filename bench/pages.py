"""Which pages are asked for, of both servers alike, and as whom."""

from contextlib import redirect_stderr
from io import StringIO
from itertools import chain, zip_longest
from secrets import token_urlsafe
from typing import NamedTuple
from urllib.parse import urlencode

import _setup
from client import FRESH_ID, fresh_id
from sqlalchemy import event

from caloria import create_app
from caloria.extensions import db
from config import Config

DAY_PAGE, TREND_PAGE = "/diary/{day}", "/trends?days=90"
MONTH_PAGE = "/trends?days=30"


class Request(NamedTuple):
    path: str
    cookie: str = ""
    kind: str = "page"
    form: dict[str, str] | None = None

    @property
    def method(self):
        return "GET" if self.form is None else "POST"

    @property
    def status(self):
        """What the answer should be."""
        return 200 if self.form is None else 303

    @property
    def headers(self):
        cookie = {"Cookie": self.cookie} if self.cookie else {}
        sent = {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(self.body))}
        return cookie | (sent if self.form else {})

    @property
    def body(self):
        return urlencode(self.form or {})

    def said_to(self, port):
        """What bench/client.py is told to ask for, and which status it should get."""
        head = [f"{self.method} {self.path} HTTP/1.1", f"Host: 127.0.0.1:{port}"]
        head += [f"{name}: {value}" for name, value in self.headers.items()]
        return {"kind": self.kind, "status": self.status, "text": "\r\n".join([*head, "", self.body])}


class Pages:
    """The days of the people who are signed in, one person after the other."""

    def __init__(self, path, signed_in, environment, app=None):
        self.path = path
        each_ones = [[(person, day) for day in person["days"]] for person in signed_in]
        self.visits = [visit for visit in chain(*zip_longest(*each_ones)) if visit]
        self.app = app or quiet_app(environment)
        self.root = f"{self.app.config['PREFERRED_URL_SCHEME']}://localhost"
        self.browsers = {person["token"]: self.sign_in(person) for person in signed_in}

    def sign_in(self, person):
        """A browser in which the person is signed in, as views/sessions.py does it, and has seen a page."""
        browser = self.app.test_client()
        with browser.session_transaction(base_url=self.root) as session:
            session.update(_user_id=person["token"], _fresh=True, csrf_token=token_urlsafe(12))
        browser.get(self.path.format(day=person["days"][0]), base_url=self.root)
        return browser

    @property
    def for_app(self):
        return [Request(self.path.format(day=day), self.cookie(person)) for person, day in self.visits]

    def for_bare(self, page_bytes, page="day"):
        """The same of the bare server, as a page of so many bytes."""
        return [Request(f"/{page}/{page_bytes}/{person['user_id']}/{day}") for person, day in self.visits]

    def cookie(self, person):
        cookie = self.browsers[person["token"]].get_cookie(self.app.config["SESSION_COOKIE_NAME"])
        return f"{cookie.key}={cookie.value}"

    def most_statements(self, requests=None):
        """Count the statements of every request but BEGIN, ROLLBACK and the pool's ping; return the most."""
        counts = []

        def count(*_):
            counts[-1] += 1

        with self.app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", count)
        for request in requests or self.for_app:
            counts.append(0)
            self.send(request)
        event.remove(engine, "before_cursor_execute", count)
        engine.dispose()
        return max(counts)

    def send(self, request):
        """Ask the app of this process."""
        headers = {**request.headers, "Referer": f"{self.root}/"}
        body = request.body.replace(FRESH_ID, fresh_id())
        asked = {"method": request.method, "headers": headers, "data": body, "base_url": self.root}
        return self.app.test_client(use_cookies=False).open(request.path, **asked)


def quiet_app(environment):
    with redirect_stderr(StringIO()):  # the guard says that .env is not heeded here
        return create_app(Config.load({**environment, "LOG_LEVEL": "WARNING"}, root=_setup.ROOT))
