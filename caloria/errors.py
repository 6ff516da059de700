"""The pages that say what went wrong. None of them needs the database."""

import logging
from contextlib import suppress
from time import monotonic

from flask import Flask, render_template, request
from flask.globals import request_ctx
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, InterfaceError, InternalError, OperationalError, TimeoutError
from werkzeug.exceptions import HTTPException

from caloria.extensions import db
from caloria.metrics import count_error
from caloria.request_log import note_error

PAGES = (400, 403, 404, 405, 413, 429, 500)
RETRY_AFTER_SECONDS = 5
MOST_READ_IN_VAIN = 32 * 1024 * 1024
LONGEST_READ_IN_VAIN_SECONDS = 10
log = logging.getLogger(__name__)


def init_app(app: Flask) -> None:
    for status in PAGES:
        app.register_error_handler(status, show_error)
    app.register_error_handler(413, show_too_large)
    app.register_error_handler(CSRFError, show_old_form)
    # InternalError: the database is read-only, or the transaction was ended from outside.
    for away in (OperationalError, InterfaceError, InternalError, TimeoutError):
        app.register_error_handler(away, show_database_away)
    app.register_error_handler(DBAPIError, show_database_error)


def show_error(error: HTTPException):
    """Show the page of a status."""
    if request_ctx.url_adapter is None:  # the host that was asked for is none: a page cannot have links
        return error.get_description(), error.code, {"Content-Type": "text/html; charset=utf-8"}
    return render_template(f"errors/{error.code}.html"), error.code, _kept_headers(error)


def show_too_large(error: HTTPException):
    """Read what is still being sent, within reason, and say that it was too much.

    A browser reads the answer once it has sent everything; cut off before, it says only that something broke.
    """
    announced = request.content_length
    if announced is None or request.max_content_length < announced <= MOST_READ_IN_VAIN:
        with suppress(OSError, ValueError):
            _read_in_vain(request.environ["wsgi.input"], announced or MOST_READ_IN_VAIN)
    return show_error(error)


def _read_in_vain(stream, left: int) -> None:
    give_up = monotonic() + LONGEST_READ_IN_VAIN_SECONDS
    while left > 0 and monotonic() < give_up:
        read = len(stream.read(min(left, 65536)))
        left = left - read if read else 0


def _kept_headers(error: HTTPException) -> dict[str, str]:
    allowed = getattr(error, "valid_methods", None)
    return {"Allow": ", ".join(sorted(allowed))} if allowed else {}


def show_old_form(_error: CSRFError):
    """Give back what was typed into a form that was open for too long, to be sent again."""
    if _from_elsewhere():
        return render_template("errors/403.html"), 403
    return render_template("errors/422.html"), 422


def _from_elsewhere() -> bool:
    """Whether another site sent this form: then nobody should be led to send it again."""
    return request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none")


def show_database_error(error: DBAPIError):
    """A connection that breaks has several names; any other error of a statement is a mistake of ours."""
    if not error.connection_invalidated:
        raise error
    return show_database_away(error)


def show_database_away(error: DBAPIError | TimeoutError):
    """Say that nothing was saved, and give back what was typed."""
    count_error("database")
    note_error(log, f"The database did not answer ({type(error).__name__})", error)
    # No rollback: a server that is silent would be waited for once more.
    db.session().invalidate()
    page = render_template("errors/503.html", retry_after=RETRY_AFTER_SECONDS)
    return page, 503, {"Retry-After": str(RETRY_AFTER_SECONDS)}
