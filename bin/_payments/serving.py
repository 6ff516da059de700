"""Serving the provider on a port of this machine, in a thread or as a process."""

from contextlib import contextmanager
from threading import Thread

from werkzeug.serving import WSGIRequestHandler, make_server

from _payments.app import make_app
from _payments.world import World


class Quiet(WSGIRequestHandler):
    """Keeps connections, and writes no line for each request."""

    protocol_version = "HTTP/1.1"

    def log(self, *_words) -> None:
        """Say nothing."""


def listen(world: World, port: int = 0):
    """A server that is bound, and the app it serves."""
    app = make_app(world)
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=Quiet)
    server.daemon_threads = True
    world.url = f"http://127.0.0.1:{server.port}"
    return server, app


@contextmanager
def served(world: World, port: int = 0):
    """The app while it is served from a thread."""
    server, app = listen(world, port)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield app
    finally:
        server.shutdown()
        server.server_close()


def stock(world: World, month: int = 499, year: int = 4900, currency: str = "eur") -> None:
    """Put the two prices on sale, unless they are."""
    for interval, amount in (("month", month), ("year", year)):
        if f"price_{interval}" in world.things["price"]:
            continue
        recurring = {"interval": interval, "interval_count": 1, "meter": None, "usage_type": "licensed"}
        world.make(
            "price",
            id=f"price_{interval}",
            active=True,
            billing_scheme="per_unit",
            currency=currency,
            product="prod_plus",
            recurring=recurring,
            tax_behavior="inclusive",
            type="recurring",
            unit_amount=amount,
            unit_amount_decimal=str(amount),
            metadata={},
            nickname=None,
        )
