"""Clients that send slowly, or nothing at all, while people log: the web server in front waits for them."""

import re
from contextlib import ExitStack, closing

import pytest
from front import NGINX, SITE, nginx
from surroundings import ROOT
from writing import writers

HEAD = "POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
BEGINNINGS = ("", HEAD, f"{HEAD}Content-Length: 1000\r\n\r\nemail=")
# More of each kind than gunicorn has threads.
MANY = 10
pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("faults under load"),
    pytest.mark.skipif(NGINX is None, reason="there is no nginx here"),
]


@pytest.fixture
def front(served, tmp_path):
    """The shipped nginx in front of the app, with more patience than the test has."""
    shipped = (ROOT / "deploy" / "nginx.conf").read_text().replace(SITE, "localhost")
    patient, changed = re.subn(r"(client_(?:header|body)_timeout) \d+s;", r"\1 300s;", shipped)
    assert changed == 2
    with nginx(tmp_path, served.port, name="localhost", site=patient) as front:
        yield front


def test_others_are_served(served, front, way, rounds):
    with writers(served.port, front=front) as team, ExitStack() as slow:
        for _ in rounds:
            for beginning in BEGINNINGS * MANY:
                client = slow.enter_context(closing(front.visitor().connect()))
                client.sock.sendall(beginning.encode())
            team.get()
    team.assert_exactly_once(way.url, {303})
