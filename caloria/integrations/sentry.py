"""Sentry, which gathers errors, by sentry-sdk, which only those install who use it.

The library would send along what it finds: variables, cookies, bodies, addresses. None of its integrations
runs here. An event is made of what may be known, so that there is nothing to take out of it.
"""

import atexit
from typing import Any

from flask import Flask

from caloria.version import VERSION
from settings.log_lines import chain, steps

SECONDS_TO_SEND_THE_REST = 2
# Each would add something on its own, to the event or to what is sent beside it.
NOTHING_ELSE = {
    "default_integrations": False,
    "auto_enabling_integrations": False,
    "auto_session_tracking": False,
    "send_client_reports": False,
    "include_local_variables": False,
    "include_source_context": False,
    "max_request_body_size": "never",
    "max_breadcrumbs": 0,
    "enable_backpressure_handling": False,
    "spotlight": False,
}


def init_app(app: Flask) -> None:
    """Tell nobody, unless SENTRY_DSN is set."""
    config = app.extensions["caloria_config"]
    app.extensions["caloria_sentry"] = Sentry(config) if config.sentry_dsn else None


class Sentry:
    """Where errors are told, from a thread of its own: no request waits for it."""

    def __init__(self, config: Any):
        from sentry_sdk import Client

        named = {"environment": config.environment, "server_name": config.server}
        self.client = Client(config.sentry_dsn, release=f"caloria@{VERSION}", **named, **NOTHING_ELSE)
        atexit.register(self.client.close, SECONDS_TO_SEND_THE_REST)

    def tell(self, error: BaseException | None, route: str, **tags: str) -> None:
        """Tell of an error: its classes and frames, where it was, and no word of what it was about."""
        values = [exception(each) for each in chain(error)][::-1]
        self.client.capture_event(
            {
                "level": "error",
                "platform": "python",
                "transaction": route,
                "tags": tags,
                "exception": {"values": values},
            }
        )


def exception(error: BaseException) -> dict[str, Any]:
    kind = type(error)
    frames = [
        {"filename": file, "lineno": line, "function": function, "in_app": file.startswith("caloria/")}
        for file, line, function in steps(error.__traceback__)
    ]
    return {"type": kind.__qualname__, "module": kind.__module__, "stacktrace": {"frames": frames}}
