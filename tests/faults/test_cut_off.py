"""Forms of which only a part arrives, since a phone lost its network."""

import socket
from contextlib import contextmanager
from urllib.parse import urlencode

import pytest
from clusters import execute
from writing import DAY, signed_up

from caloria.models.ids import new_id

FORM = "application/x-www-form-urlencoded"
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults under load")]


@contextmanager
def phone(browser, *lines: str):
    """Send the head of an entry's form, then what is asked for, and tell how the answer begins."""
    kept = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    head = [
        f"POST {DAY}/quick-entries HTTP/1.1",
        "Host: localhost",
        f"Cookie: {kept}",
        f"Content-Type: {FORM}",
    ]

    def send(part: bytes) -> str:
        client.sendall("\r\n".join([*head, *lines, "", ""]).encode() + part)
        client.shutdown(socket.SHUT_WR)
        return client.recv(12).decode().removeprefix("HTTP/1.1 ")

    with socket.create_connection(("127.0.0.1", browser.port)) as client:
        yield send


@pytest.fixture
def form(served):
    """Somebody's browser, and a form whose amount is the last that it sends."""
    browser, meal = signed_up(served.port)
    name = f"soup {new_id()}"
    data = {
        "csrf_token": browser.token,
        "id": str(new_id()),
        "meal_id": meal,
        "name": name,
        "energy_kcal": "250",
    }
    return browser, urlencode(data).encode(), name


def in_one_go(browser, body: bytes, missing: int = 0) -> str:
    with phone(browser, f"Content-Length: {len(body)}") as send:
        return send(body[: len(body) - missing])


def in_pieces(browser, body: bytes, missing: int = 0) -> str:
    """As a browser sends what it does not know the length of."""
    pieces = [b"%x\r\n%s\r\n" % (len(each), each) for each in (body[:-1], body[-1:])]
    sent = b"".join([*pieces, b"0\r\n\r\n"])
    with phone(browser, "Transfer-Encoding: chunked") as send:
        return send(sent[: len(sent) - missing])


@pytest.mark.parametrize(
    ("send", "missing"), [(in_one_go, (1, 2)), (in_pieces, (5, 11))], ids=["whole", "pieces"]
)
def test_a_form_is_stored_when_all_of_it_came_and_not_before(served, way, form, send, missing):
    browser, body, name = form
    stored = f"SELECT energy_kcal FROM entries WHERE name = '{name}'"
    for number in missing:
        assert send(browser, body, number) == "400"
        assert execute(way.url, stored) == []
    assert [send(browser, body) for _ in range(2)] == ["303", "303"]
    assert execute(way.url, stored) == [(250,)]
