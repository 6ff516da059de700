"""One line in the log for each request, and one for each error: how it went, and never what it was about."""

import logging

from flask import Flask, request

from caloria.metrics import count_error
from caloria.models.audit_event import origin
from settings.log_lines import described, shows_values

# Asked for every few seconds, or with each page: they would hide the rest. LOG_LEVEL=DEBUG shows them.
QUIET = ("/static/<path:filename>", "/health", "/health/database", "/metrics")
UNKNOWN = "unknown"
log = logging.getLogger(__name__)


class LoggedApp(Flask):
    """A Flask app whose errors are told without what people wrote."""

    def ensure_sync(self, func):
        """None of ours is asynchronous, and Flask would look at twenty views and hooks for each page."""
        return func

    def log_exception(self, exc_info):
        """Tell of an error that nothing handled; a developer is shown all of it."""
        count_error("code")
        self.tell_sentry(exc_info[1])
        if shows_values(self.extensions["caloria_config"]):
            super().log_exception(exc_info)
        else:
            note_error(logging.getLogger("caloria"), "A request failed", exc_info[1])

    def tell_sentry(self, error: BaseException | None) -> None:
        if sentry := self.extensions["caloria_sentry"]:
            sentry.tell(error, route(), method=request.method, request_id=origin.get().request_id)


def route() -> str:
    """The rule of this request's address."""
    return request.url_rule.rule if request.url_rule else UNKNOWN


def note_error(logger: logging.Logger, message: str, error: BaseException | None) -> None:
    """Tell of an error in this request: which classes, and where."""
    facts = {"id": origin.get().request_id, "route": route()}
    logger.error(message, extra={"facts": facts, "errors": described(error)})


def write(tally) -> None:
    """Write the line of a request that has ended."""
    level = logging.ERROR if tally.status >= 500 else logging.INFO
    # 503 is what a health check asks for.
    if tally.route in QUIET and tally.status != 500:
        level = logging.DEBUG
    if log.isEnabledFor(level):
        milliseconds = round(tally.seconds * 1000, 1)
        facts = {
            "id": tally.id,
            "method": tally.method,
            "route": tally.route,
            "status": tally.status,
            "milliseconds": milliseconds,
            "statements": tally.statements,
        }
        words = (tally.method, tally.route, tally.status, milliseconds, tally.statements, tally.id)
        log.log(level, "%s %s %s %s ms %s statements %s", *words, extra={"facts": facts})
