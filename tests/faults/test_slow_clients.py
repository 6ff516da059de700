"""Clients that send slowly, or nothing at all, while people log."""

import socket
from contextlib import ExitStack, contextmanager

import pytest
from writing import writers

HEAD = "POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
BEGINNINGS = ("", HEAD, f"{HEAD}Content-Length: 1000\r\n\r\nemail=")
MANY = 20
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults under load")]


def test_others_are_served(served, way, rounds):
    """There are many more of them than threads, and gunicorn stands alone here."""
    with writers(served.port) as team, ExitStack() as slow:
        for _ in rounds:
            for beginning in BEGINNINGS * MANY:
                client = slow.enter_context(socket.create_connection(("127.0.0.1", served.port)))
                client.sendall(beginning.encode())
            team.get()
    team.assert_exactly_once(way.url, {303})


@contextmanager
def connected(port: int):
    """A socket, and what is answered on it."""
    with socket.create_connection(("127.0.0.1", port)) as client, client.makefile("rb") as answers:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield client, answers


def test_a_request_that_comes_bit_by_bit_is_answered(served):
    form = "email=nobody%40example.org&password=1"
    whole = f"{HEAD}Connection: close\r\nContent-Length: {len(form)}\r\n\r\n{form}"
    with connected(served.port) as (client, answers):
        for letter in whole:
            client.sendall(letter.encode())
        assert answers.readline().startswith(b"HTTP/1.1 422 ")


def test_a_body_in_pieces_is_not_waited_for(served):
    with connected(served.port) as (client, answers):
        client.sendall(f"{HEAD}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
        client.sendall(b"5\r\nemail\r\n0\r\n\r\n")
        assert answers.readline().startswith(b"HTTP/1.1 422 ")


def test_a_body_that_waits_to_be_asked_for_is_asked_for(served):
    with connected(served.port) as (client, answers):
        client.sendall(
            f"{HEAD}Connection: close\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n".encode()
        )
        assert answers.readline().startswith(b"HTTP/1.1 100 ")
        assert answers.readline() == b"\r\n"
        client.sendall(b"email")
        assert answers.readline().startswith(b"HTTP/1.1 422 ")
