"""Ports for servers that cannot be handed a socket."""

import socket
from random import SystemRandom

# Those above are given to whoever connects to somebody: to hundreds of connections of the tests each second.
GIVEN_TO_NOBODY = range(10_000, 32_000)


def free_port() -> int:
    """A port on which nobody listens, and which no connection is about to be given."""
    while True:
        port = SystemRandom().choice(GIVEN_TO_NOBODY)
        try:
            with socket.create_server(("0.0.0.0", port)):
                return port
        except OSError:
            continue
