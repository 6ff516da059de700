import socket
from threading import Thread

import pytest
from watching import watching

from caloria.integrations.ping import PingFailed, ping

SECRET = "a-token-that-nobody-may-see"


@pytest.fixture
def server():
    with watching() as server:
        yield server


def test_the_address_is_called_once(server):
    ping(f"{server.url}/ok?{SECRET}")

    assert server.heard == [f"/ok?{SECRET}"]


def test_a_redirect_within_the_web_is_followed(server):
    ping(f"{server.url}/moved?{server.url}/ok")

    assert server.heard[-1] == "/ok"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("{url}/SECRET", "127.0.0.1 answered 404."),
        ("{url}/moved?file:///etc/hostname#SECRET", "127.0.0.1 answered 302."),
        ("{url}/SECRET x", "127.0.0.1 could not be called (InvalidURL)."),
        ("http://127.0.0.1:1/SECRET", "127.0.0.1 could not be called (ConnectionRefusedError)."),
        ("http://127.0.0.1:SECRET/", "127.0.0.1 could not be called (InvalidURL)."),
        ("file:///etc/hostname?SECRET", "The address to call is no http or https address."),
        ("SECRET", "The address to call is no http or https address."),
    ],
)
def test_a_call_that_fails_names_the_host_alone(server, url, said):
    with pytest.raises(PingFailed) as failed:
        ping(url.format(url=server.url).replace("SECRET", SECRET))

    assert str(failed.value) == said
    assert failed.value.__suppress_context__, "a traceback would show the address"


@pytest.mark.parametrize(("answer", "cause"), [(b"", "TimeoutError"), (b"SSH-2.0-x\r\n", "BadStatusLine")])
def test_what_is_no_web_server_is_not_waited_for(answer, cause):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        Thread(target=say, args=(listening, answer), daemon=True).start()
        with pytest.raises(PingFailed, match=cause):
            ping(f"http://127.0.0.1:{listening.getsockname()[1]}/", seconds=0.2)


def say(listening: socket.socket, answer: bytes) -> None:
    conversation, _ = listening.accept()
    with conversation:
        conversation.sendall(answer)
        conversation.recv(1000)
        if not answer:
            conversation.recv(1000)
