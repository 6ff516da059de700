"""More than is taken, over a real connection: the sender is to read the answer, not to be cut off."""

import socket

import pytest
from serving import gunicorn

MEGABYTE = 1024 * 1024
HEAD = "POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"


@pytest.fixture(scope="module")
def port(make_database, migrated_url):
    with gunicorn(make_database(copy_of=migrated_url)) as port:
        yield port


def answer_to(port: int, head: str, *parts: bytes) -> bytes:
    """Send everything before reading, as a browser does."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(head.encode() + b"\r\n")
        for part in parts:
            connection.sendall(part)
        return b"".join(iter(lambda: connection.recv(65536), b""))


@pytest.mark.slow
@pytest.mark.parametrize("megabytes", [2, 10, 15])
def test_who_sends_too_much_reads_that_it_was_too_much(port, megabytes):
    parts = [b"email=" + b"x" * (MEGABYTE - 6)] + [b"x" * MEGABYTE] * (megabytes - 1)

    answer = answer_to(port, f"{HEAD}Connection: close\r\nContent-Length: {megabytes * MEGABYTE}\r\n", *parts)

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"That was more than we can take" in answer


@pytest.mark.slow
def test_who_does_not_say_how_much_reads_it_too(port):
    def chunk(content: bytes) -> bytes:
        return b"%x\r\n" % len(content) + content + b"\r\n"

    head = HEAD.replace("application/x-www-form-urlencoded", "multipart/form-data; boundary=b")
    field = chunk(b'--b\r\nContent-Disposition: form-data; name="email"\r\n\r\n')

    answer = answer_to(
        port,
        f"{head}Connection: close\r\nTransfer-Encoding: chunked\r\n",
        field,
        *[chunk(b"x" * MEGABYTE)] * 10,
        b"0\r\n\r\n",
    )

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"That was more than we can take" in answer


@pytest.mark.slow
def test_the_connection_is_of_no_further_use_where_more_is_announced_than_is_read(port):
    announced = f"{HEAD}Content-Length: {500 * MEGABYTE}\r\n"

    answer = answer_to(port, announced, b"x" * 100)

    assert answer == b"" or answer.startswith(b"HTTP/1.1 413 ")


@pytest.mark.slow
def test_a_second_request_on_the_same_connection_is_not_read_from_the_first(port):
    smuggled = b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"
    body = b"x" * (2 * MEGABYTE) + smuggled

    answer = answer_to(
        port,
        f"{HEAD}Content-Length: {len(body)}\r\n",
        body,
        b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    )

    assert answer.count(b'{"status":"ok"}') == 1
